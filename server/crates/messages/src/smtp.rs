//! Mail by SMTP.

use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use lettre::message::header::ContentType;
use lettre::message::{Attachment, Mailbox as Address, MultiPart, SinglePart};
use lettre::transport::smtp::{AsyncSmtpTransportBuilder, PoolConfig};
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};

use crate::message::NO_CARRIER;
use crate::{Channel, LOGO, Message, MessageSender, NotSent, Picture};

/// For connecting, and for each answer of the server.
const PATIENCE: Duration = Duration::from_secs(10);
/// For a whole message, the wait for a free connection included: a caller is waiting.
const LONGEST: Duration = Duration::from_secs(25);
/// Connections kept open at most.
const CONNECTIONS: u32 = 8;

/// Why a mail server cannot be used. Says nothing of the URL, which may hold a password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SmtpError {
    /// Not an SMTP URL.
    Url,
    /// The sender is not an address.
    From,
}

impl fmt::Display for SmtpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Url => "not an SMTP URL: smtp://, smtp+starttls:// or smtps://, then [USER:PASSWORD@]HOST[:PORT]",
            Self::From => "not a mail address (ADDRESS, or NAME <ADDRESS>)",
        })
    }
}

impl std::error::Error for SmtpError {}

/// Hands mail to a server. `smtp://` speaks in clear, `smtp+starttls://` insists on STARTTLS, `smtps://` is TLS from
/// the first byte; certificates are checked against the system's roots.
pub struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Address,
}

impl fmt::Debug for Smtp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Smtp(***)")
    }
}

impl Smtp {
    /// Takes a URL and the sender of pools that name none. Nothing is sent or looked up yet. To be called, and
    /// dropped, inside of a tokio runtime, which tends the idle connections.
    ///
    /// # Errors
    /// [`SmtpError`].
    pub fn new(url: &str, from: &str) -> Result<Self, SmtpError> {
        let from = read_address(from).ok_or(SmtpError::From)?;
        let transport =
            read_url(url)?.timeout(Some(PATIENCE)).pool_config(PoolConfig::new().max_size(CONNECTIONS)).build();
        Ok(Self { transport, from })
    }
}

/// Whether [`Smtp::new`] would take the URL.
///
/// # Errors
/// [`SmtpError::Url`].
pub fn check_smtp_url(url: &str) -> Result<(), SmtpError> {
    read_url(url).map(drop)
}

/// Whether [`Smtp::new`] would take the sender.
///
/// # Errors
/// [`SmtpError::From`].
pub fn check_sender(from: &str) -> Result<(), SmtpError> {
    read_address(from).map(drop).ok_or(SmtpError::From)
}

fn read_url(url: &str) -> Result<AsyncSmtpTransportBuilder, SmtpError> {
    let url = match url.strip_prefix("smtp+starttls://") {
        Some(rest) if !rest.contains('?') => format!("smtp://{rest}?tls=required"),
        Some(_) => return Err(SmtpError::Url),
        None => url.to_owned(),
    };
    AsyncSmtpTransport::<Tokio1Executor>::from_url(&url).map_err(|_| SmtpError::Url)
}

#[async_trait]
impl MessageSender for Smtp {
    async fn send(&self, message: Message) -> Result<(), NotSent> {
        if message.channel == Channel::Sms {
            return Err(NotSent::for_good(NO_CARRIER));
        }
        let mail = compose(&self.from, message)?;
        match tokio::time::timeout(LONGEST, self.transport.send(mail)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) if error.is_permanent() => Err(NotSent::for_good(reason(&error))),
            Ok(Err(error)) => Err(NotSent::for_now(reason(&error))),
            Err(_) => Err(NotSent::for_now("the mail server did not take the message in time")),
        }
    }
}

/// The server's own words may quote the address, so only their number is kept.
fn reason(error: &lettre::transport::smtp::Error) -> String {
    if let Some(status) = error.status() {
        format!("the mail server refused the message with {status}")
    } else if error.is_timeout() {
        "the mail server did not answer in time".to_owned()
    } else if error.is_tls() {
        "TLS with the mail server failed".to_owned()
    } else if error.is_response() {
        "the mail server's answer was not understood".to_owned()
    } else if error.is_client() {
        "the mail server lacks something this needs (STARTTLS, or a way to authenticate)".to_owned()
    } else {
        "the mail server could not be reached".to_owned()
    }
}

fn compose(from: &Address, mut message: Message) -> Result<lettre::Message, NotSent> {
    let not = |what: &str| NotSent::for_good(format!("{what} is not a mail address"));
    let to = read_address(&message.to).ok_or_else(|| not("the recipient"))?;
    let from = match &message.from {
        Some(own) => read_address(own).ok_or_else(|| not("EmailConfiguration.From"))?,
        None => from.clone(),
    };
    let subject = message.subject.take().unwrap_or_default();
    if subject.contains(char::is_control) {
        return Err(NotSent::for_good("the subject holds a control character"));
    }
    let mut mail = lettre::Message::builder().from(from).to(to).subject(subject);
    if let Some(reply_to) = &message.reply_to {
        mail = mail.reply_to(read_address(reply_to).ok_or_else(|| not("EmailConfiguration.ReplyToEmailAddress"))?);
    }
    let text = SinglePart::builder().header(ContentType::TEXT_PLAIN).body(std::mem::take(&mut message.text));
    let built = match message.html.take() {
        Some(html) => {
            let html = SinglePart::builder().header(ContentType::TEXT_HTML).body(html);
            let parts = MultiPart::alternative().singlepart(text);
            mail.multipart(match message.logo.as_ref().and_then(attach) {
                // RFC 2387: the picture belongs to the HTML part alone.
                Some(logo) => parts.multipart(MultiPart::related().singlepart(html).singlepart(logo)),
                None => parts.singlepart(html),
            })
        }
        None => mail.singlepart(text),
    };
    built.map_err(|_| NotSent::for_good("the message cannot be put into a mail"))
}

/// The logo as a part of its own; none where its type is not one.
fn attach(logo: &Picture) -> Option<SinglePart> {
    let media_type = ContentType::parse(&logo.media_type).ok()?;
    Some(Attachment::new_inline(LOGO.to_owned()).body(logo.bytes.to_vec(), media_type))
}

/// One address, with or without a name; nothing that could begin another header or name a second recipient.
fn read_address(text: &str) -> Option<Address> {
    if text.contains(char::is_control) { None } else { text.trim().parse().ok() }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

    use std::sync::{Arc, Mutex};

    use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
    use tokio::net::TcpListener;

    use super::*;
    use crate::Purpose;

    fn message() -> Message {
        Message {
            channel: Channel::Email,
            to: "ann@example.com".to_owned(),
            purpose: Purpose::SignUp,
            subject: Some("Dein Schlüssel".to_owned()),
            text: "Your code is 482913\n.\nafter a dot".to_owned(),
            html: Some("<p>482913</p>".to_owned()),
            logo: None,
            code: Some("482913".to_owned()),
            link: None,
            from: None,
            reply_to: Some("help@example.com".to_owned()),
        }
    }

    fn with(change: impl FnOnce(&mut Message)) -> Message {
        let mut message = message();
        change(&mut message);
        message
    }

    /// A mail server that takes what it is given, or answers RCPT as told.
    async fn server(rcpt: &'static str) -> (String, Arc<Mutex<String>>) {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let url = format!("smtp://{}", listener.local_addr().unwrap());
        let seen = Arc::new(Mutex::new(String::new()));
        let taken = seen.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let taken = taken.clone();
                tokio::spawn(async move {
                    let mut stream = BufReader::new(stream);
                    stream.write_all(b"220 test\r\n").await.unwrap();
                    let (mut line, mut in_data) = (String::new(), false);
                    while stream.read_line(&mut line).await.unwrap_or(0) > 0 {
                        taken.lock().unwrap().push_str(&line);
                        let answer = match line.trim_end() {
                            "." if in_data => {
                                in_data = false;
                                "250 taken"
                            }
                            _ if in_data => "",
                            "DATA" => {
                                in_data = true;
                                "354 go on"
                            }
                            command if command.starts_with("RCPT") => rcpt,
                            _ => "250 ok",
                        };
                        line.clear();
                        if !answer.is_empty() {
                            stream.write_all(format!("{answer}\r\n").as_bytes()).await.unwrap();
                        }
                    }
                });
            }
        });
        (url, seen)
    }

    #[tokio::test]
    async fn a_mail_has_both_parts_and_honest_headers() {
        let (url, seen) = server("250 ok").await;
        let smtp = Smtp::new(&url, "Acme <no-reply@acme.example>").unwrap();
        smtp.send(message()).await.unwrap();
        let seen = seen.lock().unwrap().clone();
        assert!(seen.contains("MAIL FROM:<no-reply@acme.example>"), "{seen}");
        assert!(seen.contains("RCPT TO:<ann@example.com>"), "{seen}");
        assert!(seen.contains("multipart/alternative"), "{seen}");
        assert!(seen.contains("text/plain; charset=utf-8") && seen.contains("text/html; charset=utf-8"), "{seen}");
        assert!(seen.contains("Reply-To: help@example.com"), "{seen}");
        assert!(seen.contains("=?utf-8?"), "the subject is encoded: {seen}");
        assert!(seen.contains("\r\n..\r\n"), "a line of one dot does not end the mail: {seen}");
        smtp.send(message()).await.unwrap();
    }

    #[tokio::test]
    async fn the_logo_travels_with_the_html_part() {
        let (url, seen) = server("250 ok").await;
        let smtp = Smtp::new(&url, "Acme <no-reply@acme.example>").unwrap();
        let picture =
            |media_type: &str| Picture { media_type: media_type.to_owned(), bytes: b"\x89PNG\xff\0".to_vec().into() };
        smtp.send(with(|message| message.logo = Some(picture("image/png")))).await.unwrap();
        let first = std::mem::take(&mut *seen.lock().unwrap());
        let alternative = first.find("multipart/alternative").unwrap();
        let related = first.find("multipart/related").unwrap();
        let logo = first.find("Content-ID: <logo@mail>").unwrap();
        assert!(alternative < related && related < logo, "{first}");
        assert!(first.contains("Content-Disposition: inline") && first.contains("Content-Type: image/png"), "{first}");
        assert!(first.contains("iVBOR/8A"), "base64: {first}");
        assert!(!first.to_ascii_lowercase().contains("latchkey"), "{first}");
        // A type that is none costs the picture, not the mail.
        smtp.send(with(|message| message.logo = Some(picture("a\r\nBcc: eve@example.com")))).await.unwrap();
        let second = seen.lock().unwrap().clone();
        assert!(!second.contains("eve@example.com") && !second.contains("logo@mail"), "{second}");
    }

    #[tokio::test]
    async fn a_refusal_tells_no_address() {
        let (url, _) = server("550 5.1.1 <ann@example.com>: no such mailbox").await;
        let refused = Smtp::new(&url, "a@acme.example").unwrap().send(message()).await.unwrap_err();
        assert_eq!(refused.to_string(), "the mail server refused the message with 550");
    }

    #[tokio::test]
    async fn nobody_there_is_an_answer_too() {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let url = format!("smtp://{}", listener.local_addr().unwrap());
        drop(listener);
        let refused = Smtp::new(&url, "a@acme.example").unwrap().send(message()).await.unwrap_err();
        assert_eq!(refused.to_string(), "the mail server could not be reached");
    }

    #[tokio::test]
    async fn starttls_is_insisted_on_and_sms_has_no_carrier() {
        let (url, seen) = server("250 ok").await;
        let url = url.replace("smtp://", "smtp+starttls://");
        let smtp = Smtp::new(&url, "a@acme.example").unwrap();
        assert!(smtp.send(message()).await.is_err());
        assert!(!seen.lock().unwrap().contains("MAIL FROM"), "nothing is said in clear");
        let refused = smtp.send(with(|message| message.channel = Channel::Sms)).await.unwrap_err();
        assert_eq!(refused.to_string(), NO_CARRIER);
    }

    #[test]
    fn headers_cannot_be_smuggled() {
        let from: Address = "a@acme.example".parse().unwrap();
        for bad in ["ann@example.com\r\nBcc: eve@example.com", "ann@example.com, eve@example.com", "", "ann"] {
            assert!(compose(&from, with(|message| message.to = bad.to_owned())).is_err(), "{bad:?}");
            assert!(compose(&from, with(|message| message.from = Some(bad.to_owned()))).is_err(), "{bad:?}");
            assert!(compose(&from, with(|message| message.reply_to = Some(bad.to_owned()))).is_err(), "{bad:?}");
        }
        let subject = Some("a\r\nBcc: eve@example.com".to_owned());
        assert!(compose(&from, with(|message| message.subject = subject)).is_err());
        assert!(compose(&from, message()).is_ok());
    }

    #[tokio::test]
    async fn urls_that_are_none_are_refused_without_being_repeated() {
        for bad in ["", "http://host", "mail.example.com", "smtp+starttls://h?tls=none"] {
            assert_eq!(Smtp::new(bad, "a@acme.example").err(), Some(SmtpError::Url), "{bad}");
        }
        assert_eq!(Smtp::new("smtps://u:p@mail.example.com", "nobody").err(), Some(SmtpError::From));
        assert!(Smtp::new("smtps://u:p@mail.example.com:465", "a@b.example").is_ok());
    }
}
