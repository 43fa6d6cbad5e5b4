//! FNV-1a against its published values.

use crate::Fnv64;

/// Test values from the FNV authors' list for the 64-bit FNV-1a.
#[test]
fn gives_the_published_values_of_fnv_1a() {
    let published = [
        ("", 0xcbf2_9ce4_8422_2325),
        ("a", 0xaf63_dc4c_8601_ec8c),
        ("foobar", 0x8594_4171_f739_67e8),
    ];
    for (text, expected) in published {
        let mut hash = Fnv64::new();
        hash.write_bytes(text.as_bytes());
        assert_eq!(hash.finish(), expected);
    }
}

#[test]
fn numbers_go_in_with_the_least_significant_byte_first() {
    let (mut numbers, mut bytes) = (Fnv64::new(), Fnv64::default());
    numbers.write_u16(0x0201);
    numbers.write_u32(0x0605_0403);
    numbers.write_u64(0x0e0d_0c0b_0a09_0807);
    bytes.write_bytes(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14]);
    assert_eq!(numbers, bytes);
}

#[test]
fn floats_differ_by_their_bits_but_every_nan_is_the_same() {
    let of = |value| {
        let mut hash = Fnv64::new();
        hash.write_f64(value);
        hash.finish()
    };
    assert_ne!(of(0.0), of(-0.0));
    assert_eq!(of(f64::NAN), of(-f64::NAN));
}
