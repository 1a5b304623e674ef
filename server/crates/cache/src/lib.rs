//! A cache of bounded size, for what is dear to make and may be made anew at any time.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::fmt;
use std::hash::Hash;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{PoisonError, RwLock};

/// Entries of a cache that is given no size of its own.
const MOST_ENTRIES: usize = 1_024;

/// A cache that, when it is full, drops the entry that was least recently read or written. Reads do not wait for one
/// another.
///
/// An entry may be gone at any time, so nothing that must hold may depend on it.
pub struct Bounded<K, V> {
    most: usize,
    /// Counts reads and writes: the time by which entries are compared.
    clock: AtomicU64,
    entries: RwLock<HashMap<K, Entry<V>>>,
}

struct Entry<V> {
    value: V,
    used_at: AtomicU64,
}

impl<K: Eq + Hash + Clone, V: Clone> Bounded<K, V> {
    /// An empty cache for so many entries, at least one.
    pub fn new(most: usize) -> Self {
        Self { most: most.max(1), clock: AtomicU64::new(0), entries: RwLock::default() }
    }

    /// The value of a key, which is the most recently used then.
    pub fn get<Q: Eq + Hash + ?Sized>(&self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        let entries = self.entries.read().unwrap_or_else(PoisonError::into_inner);
        entries.get(key).map(|entry| entry.read_at(self.tick()))
    }

    /// Keeps a value, in the place of an earlier one of the key.
    pub fn insert(&self, key: K, value: V) {
        let mut entries = self.entries.write().unwrap_or_else(PoisonError::into_inner);
        self.put(&mut entries, key, value);
    }

    /// The value of a key, made where there is none. Of callers at the same time, all get the same one.
    pub fn get_or_insert_with(&self, key: K, make: impl FnOnce() -> V) -> V {
        if let Some(value) = self.get(&key) {
            return value;
        }
        let mut entries = self.entries.write().unwrap_or_else(PoisonError::into_inner);
        // Another caller may have been first.
        if let Some(entry) = entries.get(&key) {
            return entry.read_at(self.tick());
        }
        let value = make();
        self.put(&mut entries, key, value.clone());
        value
    }

    /// Drops the value of a key.
    pub fn remove<Q: Eq + Hash + ?Sized>(&self, key: &Q)
    where
        K: Borrow<Q>,
    {
        self.entries.write().unwrap_or_else(PoisonError::into_inner).remove(key);
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.entries.read().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn put(&self, entries: &mut HashMap<K, Entry<V>>, key: K, value: V) {
        if entries.len() >= self.most && !entries.contains_key(&key) {
            let oldest = entries.iter().min_by_key(|(_, entry)| entry.used_at.load(Ordering::Relaxed));
            if let Some(oldest) = oldest.map(|(key, _)| key.clone()) {
                entries.remove(&oldest);
            }
        }
        entries.insert(key, Entry { value, used_at: AtomicU64::new(self.tick()) });
    }

    fn tick(&self) -> u64 {
        self.clock.fetch_add(1, Ordering::Relaxed)
    }
}

impl<V: Clone> Entry<V> {
    fn read_at(&self, tick: u64) -> V {
        // A reader that is overtaken must not make the entry older than it is.
        self.used_at.fetch_max(tick, Ordering::Relaxed);
        self.value.clone()
    }
}

impl<K: Eq + Hash + Clone, V: Clone> Default for Bounded<K, V> {
    fn default() -> Self {
        Self::new(MOST_ENTRIES)
    }
}

/// How large it is, never what is in it: keys and values may be secret.
impl<K, V> fmt::Debug for Bounded<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bounded").field("most", &self.most).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_recently_used_goes_first() {
        let cache = Bounded::new(3);
        for (key, value) in [("a", 1), ("b", 2), ("c", 3)] {
            cache.insert(key, value);
        }
        assert_eq!(cache.get("a"), Some(1));
        cache.insert("d", 4);
        assert_eq!(cache.get("b"), None, "read before all others");
        assert_eq!(["a", "c", "d"].map(|key| cache.get(key)), [Some(1), Some(3), Some(4)]);
    }

    #[test]
    fn writing_is_a_use_and_takes_no_further_place() {
        let cache = Bounded::new(2);
        cache.insert("a", 1);
        cache.insert("b", 2);
        cache.insert("a", 3);
        assert_eq!(cache.len(), 2);
        cache.insert("c", 4);
        assert_eq!(["a", "b", "c"].map(|key| cache.get(key)), [Some(3), None, Some(4)]);
    }

    #[test]
    fn it_never_grows_beyond_its_size_nor_is_emptied() {
        let cache = Bounded::default();
        for number in 0..3 * MOST_ENTRIES {
            cache.insert(number, number);
            assert_eq!(cache.len(), (number + 1).min(MOST_ENTRIES));
        }
        assert_eq!(cache.get(&(2 * MOST_ENTRIES)), Some(2 * MOST_ENTRIES));
        assert_eq!(cache.get(&(2 * MOST_ENTRIES - 1)), None);
    }

    #[test]
    fn what_somebody_keeps_asking_for_survives_a_flood() {
        let cache = Bounded::new(8);
        cache.insert(0, "wanted");
        for number in 1..1_000 {
            assert_eq!(cache.get(&0), Some("wanted"));
            cache.insert(number, "flood");
        }
    }

    #[test]
    fn a_value_is_made_once() {
        let cache = Bounded::new(2);
        assert_eq!(cache.get_or_insert_with("a", || 1), 1);
        assert_eq!(cache.get_or_insert_with("a", || 2), 1);
        cache.remove("a");
        assert!(cache.is_empty());
        assert_eq!(cache.get_or_insert_with("a", || 3), 3);
    }

    #[test]
    fn debug_shows_no_entry() {
        let cache = Bounded::new(2);
        cache.insert("key-AKIA", "value-wJalr");
        let shown = format!("{cache:?}");
        assert!(!shown.contains("AKIA") && !shown.contains("wJalr"), "{shown}");
    }
}
