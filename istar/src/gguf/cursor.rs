//! A place in bytes that may end too early.

/// Reads little-endian numbers and texts one after the other. What is missing is named.
#[derive(Debug)]
pub(crate) struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Cursor { bytes, at: 0 }
    }

    /// How many bytes were taken.
    pub(crate) fn at(&self) -> usize {
        self.at
    }

    /// Whether there is nothing more.
    pub(crate) fn is_at_end(&self) -> bool {
        self.at == self.bytes.len()
    }

    /// The next so many bytes.
    pub(crate) fn take(&mut self, len: usize, what: &str) -> Result<&'a [u8], String> {
        let rest = &self.bytes[self.at..];
        let found = rest.get(..len).ok_or_else(|| {
            format!(
                "it is cut short: {what} takes {len} bytes from byte {} on, but {} are left",
                self.at,
                rest.len()
            )
        })?;
        self.at += len;
        Ok(found)
    }

    pub(crate) fn array<const N: usize>(&mut self, what: &str) -> Result<[u8; N], String> {
        Ok(*self.take(N, what)?.first_chunk().expect("so many bytes were taken"))
    }

    pub(crate) fn u32(&mut self, what: &str) -> Result<u32, String> {
        self.array(what).map(u32::from_le_bytes)
    }

    pub(crate) fn u64(&mut self, what: &str) -> Result<u64, String> {
        self.array(what).map(u64::from_le_bytes)
    }

    /// A number of things of at least so many bytes each: never more than there can be in what is left.
    pub(crate) fn count(&mut self, what: &str, bytes_each: usize) -> Result<usize, String> {
        let found = self.u64(what)?;
        let most = (self.bytes.len() - self.at) / bytes_each.max(1);
        match usize::try_from(found) {
            Ok(found) if found <= most => Ok(found),
            _ => Err(format!("{what} is {found}, but what is left of the file holds {most} at most")),
        }
    }

    /// A text behind its length in 8 bytes.
    pub(crate) fn text(&mut self, what: &str) -> Result<String, String> {
        let len = self.count(&format!("the length of {what}"), 1)?;
        let at = self.at;
        let bytes = self.take(len, what)?;
        String::from_utf8(bytes.to_vec()).map_err(|_| format!("{what}, at byte {at}, is no UTF-8"))
    }
}
