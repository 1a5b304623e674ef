//! A panic is one failed request, never a dead server.
//!
//! [`catch`] and [`catching`] turn a panic into a value at the places where one request's work ends and the server's
//! goes on: a door, a store's thread. [`count`] says how many there were, and [`install`] has those logged that
//! nothing catches. What a panic says may quote what it could not handle, so only what is known to quote nothing is
//! kept of it.

use std::any::Any;
use std::cell::Cell;
use std::fmt;
use std::panic::{AssertUnwindSafe, Location, PanicHookInfo, catch_unwind};
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::Poll;

static COUNT: AtomicU64 = AtomicU64::new(0);

thread_local! {
    /// How many calls of [`catch`] this thread is in.
    static CATCHING: Cell<u32> = const { Cell::new(0) };
    /// Where the panic happened that the innermost of them is about to catch.
    static LOCATION: Cell<Option<String>> = const { Cell::new(None) };
}

/// What is known of a panic that was caught.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Panicked {
    /// Its words, where they were fixed when the program was compiled.
    pub message: String,
    /// `file:line:column`
    pub location: String,
}

impl Panicked {
    /// Logs it as the fault of one request.
    pub fn log(&self, request_id: &str) {
        tracing::error!(request_id, location = self.location, message_of_panic = self.message, "a request panicked");
    }
}

impl fmt::Display for Panicked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "panicked at {}: {}", self.location, self.message)
    }
}

impl std::error::Error for Panicked {}

/// How many panics this process has seen: all that were caught here, and, once [`install`] was called, all others.
pub fn count() -> u64 {
    COUNT.load(Ordering::Relaxed)
}

/// Has it known where panics happen, and those logged and counted that nothing catches. The standard library's own report, which
/// prints whatever a panic says, is no longer made.
pub fn install() {
    std::panic::set_hook(Box::new(note));
}

/// What [`install`] does at each panic. For a process that wants to do more.
pub fn note(info: &PanicHookInfo<'_>) {
    let location = info.location().map(Location::to_string).unwrap_or_default();
    if CATCHING.get() > 0 {
        LOCATION.set(Some(location));
        return;
    }
    COUNT.fetch_add(1, Ordering::Relaxed);
    let thread = std::thread::current();
    let message = shown(info.payload());
    tracing::error!(location, message_of_panic = message, thread = thread.name(), "a thread panicked");
}

/// Runs `work`; where it panics, gives what is known of that.
///
/// The caller answers for what `work` has left half done.
///
/// # Errors
/// [`Panicked`].
pub fn catch<T>(work: impl FnOnce() -> T) -> Result<T, Panicked> {
    CATCHING.set(CATCHING.get() + 1);
    let outcome = catch_unwind(AssertUnwindSafe(work));
    CATCHING.set(CATCHING.get() - 1);
    outcome.map_err(|payload| {
        COUNT.fetch_add(1, Ordering::Relaxed);
        let location = LOCATION.take().unwrap_or_else(|| "an unknown place".to_owned());
        Panicked { message: shown(&*payload), location }
    })
}

/// The same for a future, which is not polled again once it has panicked.
///
/// # Errors
/// [`Panicked`].
pub async fn catching<F: Future + Unpin>(mut future: F) -> Result<F::Output, Panicked> {
    std::future::poll_fn(|context| match catch(|| Pin::new(&mut future).poll(context)) {
        Ok(Poll::Pending) => Poll::Pending,
        Ok(Poll::Ready(output)) => Poll::Ready(Ok(output)),
        Err(panicked) => Poll::Ready(Err(panicked)),
    })
    .await
}

/// How messages begin that the compiler and the standard library make of numbers alone.
const OF_NUMBERS: &[&str] = &[
    "index out of bounds: ",
    "range end index ",
    "range start index ",
    "slice index starts at ",
    "mid > len",
    "copy_from_slice: ",
    "attempt to ",
    "chunk size must be ",
];

/// What of a message may be kept: all of it where it was fixed when the program was compiled or holds numbers alone.
/// Any other may quote the request.
fn shown(payload: &(dyn Any + Send)) -> String {
    if let Some(fixed) = payload.downcast_ref::<&'static str>() {
        return (*fixed).to_owned();
    }
    match payload.downcast_ref::<String>() {
        Some(made) if OF_NUMBERS.iter().any(|beginning| made.starts_with(beginning)) => made.clone(),
        _ => "(not shown: it may quote the request)".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]
    use std::cell::RefCell;

    use super::*;

    fn message(work: impl FnOnce()) -> String {
        catch(work).unwrap_err().message
    }

    #[test]
    fn what_does_not_panic_comes_back() {
        assert_eq!(catch(|| 7), Ok(7));
    }

    #[test]
    fn every_panic_is_counted() {
        let before = count();
        let _ = catch(|| panic!("on purpose"));
        assert!(count() > before);
    }

    #[test]
    fn only_words_of_the_program_are_kept() {
        let secret = std::hint::black_box("hunter2").to_owned();
        assert_eq!(message(|| panic!("on purpose")), "on purpose");
        let index = std::hint::black_box(3);
        assert_eq!(message(|| assert!([1, 2][index] > 0)), "index out of bounds: the len is 2 but the index is 3");
        let withheld = "(not shown: it may quote the request)";
        assert_eq!(message(|| panic!("cannot read {secret}")), withheld);
        let number = |text: &str| text.parse::<u8>().map_err(|error| format!("{text}: {error}")).unwrap();
        assert_eq!(message(|| assert!(number(&secret) > 0)), withheld);
        assert_eq!(message(|| assert_eq!(secret, "x")), withheld);
        assert_eq!(message(|| std::panic::panic_any(secret.clone())), withheld);
        assert_eq!(message(|| std::panic::panic_any(7)), withheld);
    }

    #[test]
    fn a_future_that_panics_in_the_middle_gives_way() {
        thread_local!(static STEPS: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) });
        struct Held;
        impl Drop for Held {
            fn drop(&mut self) {
                STEPS.with_borrow_mut(|steps| steps.push("dropped"));
            }
        }
        let mut polled = false;
        let pause =
            std::future::poll_fn(
                move |_| {
                    if std::mem::replace(&mut polled, true) { Poll::Ready(()) } else { Poll::Pending }
                },
            );
        let work = Box::pin(async move {
            let _held = Held;
            pause.await;
            panic!("on purpose");
        });
        let mut caught = std::pin::pin!(catching::<Pin<Box<dyn Future<Output = ()>>>>(work));
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        assert!(caught.as_mut().poll(&mut context).is_pending());
        let Poll::Ready(Err(panicked)) = caught.as_mut().poll(&mut context) else { panic!("it is over") };
        assert_eq!(panicked.message, "on purpose");
        assert_eq!(STEPS.take(), ["dropped"]);
        assert_eq!(CATCHING.get(), 0);
    }
}
