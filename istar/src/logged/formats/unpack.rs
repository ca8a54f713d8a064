//! Compressed input: gzip and zstd, told by their first bytes.

use std::borrow::Cow;
use std::io::{self, BufRead, BufReader, Read};

const GZIP: &[u8] = b"\x1F\x8B";
const ZSTD: &[u8] = b"\x28\xB5\x2F\xFD";

/// The bytes that were packed, or those of a file that was not.
///
/// # Errors
/// What is no whole archive.
pub fn unpack(file: &[u8]) -> io::Result<Cow<'_, [u8]>> {
    if !file.starts_with(GZIP) && !file.starts_with(ZSTD) {
        return Ok(Cow::Borrowed(file));
    }
    let mut out = Vec::new();
    unpacked(file)?.read_to_end(&mut out).map_err(named)?;
    Ok(Cow::Owned(out))
}

/// A reader of what was packed, or of what was not.
///
/// # Errors
/// Those of the reader.
pub fn unpacked<'a>(mut reader: impl BufRead + 'a) -> io::Result<Box<dyn BufRead + 'a>> {
    let start = reader.fill_buf()?;
    Ok(if start.starts_with(GZIP) {
        Box::new(BufReader::with_capacity(1 << 16, flate2::bufread::MultiGzDecoder::new(reader)))
    } else if start.starts_with(ZSTD) {
        Box::new(BufReader::with_capacity(1 << 16, zstd::stream::read::Decoder::with_buffer(reader)?))
    } else {
        Box::new(reader)
    })
}

fn named(error: io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("the archive is not whole: {error}"))
}
