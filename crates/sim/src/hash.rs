//! A fingerprint that is the same on every platform: FNV-1a with 64 bits over fixed-width fields.

/// FNV-1a, 64 bits (IETF draft-eastlake-fnv); numbers go in little-endian.
///
/// There is no method for `usize` on purpose: it has 4 bytes in a page and 8 in a native program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fnv64(u64);

impl Default for Fnv64 {
    fn default() -> Self {
        Self::new()
    }
}

impl Fnv64 {
    /// The hash of nothing.
    #[must_use]
    pub const fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    /// Takes in bytes as they are.
    #[inline]
    pub fn write_bytes(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }

    /// Takes in two bytes.
    #[inline]
    pub fn write_u16(&mut self, value: u16) {
        self.write_bytes(&value.to_le_bytes());
    }

    /// Takes in four bytes.
    #[inline]
    pub fn write_u32(&mut self, value: u32) {
        self.write_bytes(&value.to_le_bytes());
    }

    /// Takes in eight bytes.
    #[inline]
    pub fn write_u64(&mut self, value: u64) {
        self.write_bytes(&value.to_le_bytes());
    }

    /// Takes in the bits of a float.
    ///
    /// Every NaN counts as the same one: WebAssembly leaves open which NaN an operation yields.
    #[inline]
    pub fn write_f64(&mut self, value: f64) {
        const ONE_NAN: u64 = 0x7ff8_0000_0000_0000;
        self.write_u64(if value.is_nan() {
            ONE_NAN
        } else {
            value.to_bits()
        });
    }

    /// The fingerprint so far.
    #[must_use]
    pub const fn finish(self) -> u64 {
        self.0
    }
}
