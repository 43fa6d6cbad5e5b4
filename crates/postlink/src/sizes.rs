//! What a visitor downloads: each file raw and after brotli, as a web host would send it.

use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::Result;
use brotli::CompressorWriter;

/// The best level brotli has: what a static host precompresses with.
const QUALITY: u32 = 11;
/// log2 of brotli's window; 22 (4 MiB) is the largest that every browser must accept, and larger than any file here.
const WINDOW_BITS: u32 = 22;

/// Prints one line for each file below `folder` and a total; returns the total in bytes after brotli.
pub(crate) fn print(folder: &Path) -> Result<usize> {
    let (mut raw_total, mut brotli_total) = (0, 0);
    for name in crate::mirror::files_below(folder)? {
        let bytes = fs::read(folder.join(&name))?;
        let compressed = brotli_size(&bytes)?;
        print_line(&name.to_string_lossy(), bytes.len(), compressed);
        raw_total += bytes.len();
        brotli_total += compressed;
    }
    print_line("together", raw_total, brotli_total);
    Ok(brotli_total)
}

/// The size of `bytes` after brotli, in bytes.
pub(crate) fn brotli_size(bytes: &[u8]) -> Result<usize> {
    let mut writer = CompressorWriter::new(Vec::new(), 64 * 1024, QUALITY, WINDOW_BITS);
    writer.write_all(bytes)?;
    Ok(writer.into_inner().len())
}

fn print_line(name: &str, raw: usize, compressed: usize) {
    println!("{name:<24} {raw:>9} bytes {compressed:>9} after brotli");
}
