//! Palettes, their source, and what tells states apart.

use std::collections::BTreeSet;

use crate::{Palette, Rgb, STATES, shape_of, themed_svg};

const SHEET: &str = include_str!("../../../../theme/colours.css");
const THEMES: [&str; 5] = ["light", "rust", "coal", "navy", "ayu"];

fn theme(name: &str) -> Palette {
    Palette::from_css(SHEET, name).expect("the sheet knows mdBook's themes")
}

#[test]
fn the_light_palette_is_the_style_sheets() {
    assert_eq!(theme("light"), Palette::LIGHT);
}

#[test]
fn a_theme_overrides_what_the_root_declares() {
    assert_eq!(theme("rust").surface, Rgb(0xf3, 0xf1, 0xec));
    assert_eq!(theme("rust").served, Palette::LIGHT.served);
    assert_eq!(theme("coal").surface, Rgb(0x1c, 0x20, 0x25));
    assert_eq!(theme("coal").served, theme("navy").served);
    assert_eq!(Palette::from_css(SHEET, "sepia"), None);
}

#[test]
fn every_state_has_its_own_shape_and_in_every_theme_its_own_colour() {
    let shapes: BTreeSet<_> = STATES.map(shape_of).into();
    assert_eq!(shapes.len(), STATES.len());
    for name in THEMES {
        let colours: BTreeSet<_> = STATES.map(|state| theme(name).mark(state)).into();
        assert_eq!(colours.len(), STATES.len(), "{name}");
    }
    for (index, state) in STATES.into_iter().enumerate() {
        assert_eq!(state as usize, index, "densities count by this number");
    }
}

/// Relative luminance as WCAG defines it.
fn luminance(colour: Rgb) -> f64 {
    let linear = |part: u8| {
        let part = f64::from(part) / 255.0;
        if part <= 0.04045 {
            part / 12.92
        } else {
            libm::pow((part + 0.055) / 1.055, 2.4)
        }
    };
    0.2126 * linear(colour.0) + 0.7152 * linear(colour.1) + 0.0722 * linear(colour.2)
}

fn contrast(a: Rgb, b: Rgb) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[test]
fn marks_and_words_stand_out_from_the_page_of_every_theme() {
    for name in THEMES {
        let palette = theme(name);
        for state in STATES {
            let (mark, word) = (palette.mark(state), palette.word(state));
            assert!(
                contrast(mark, palette.surface) >= 3.0,
                "{name}: marks that are {state:?}"
            );
            assert!(
                contrast(word, palette.surface) >= 4.5,
                "{name}: words about {state:?}"
            );
        }
    }
}

#[test]
fn what_the_page_does_not_say_is_taken_from_the_light_theme() {
    let palette = Palette::from_lookup(|name| match name {
        "--hd-served" => Some(" #123456 ".into()),
        "--hd-waiting" => Some("rebeccapurple".into()),
        _ => None,
    });
    let expected = Palette {
        served: Rgb(0x12, 0x34, 0x56),
        ..Palette::LIGHT
    };
    assert_eq!(palette, expected);
}

#[test]
fn only_six_hexadecimal_digits_are_a_colour() {
    assert_eq!(Rgb::parse("#00Ff7f"), Some(Rgb(0, 255, 127)));
    for text in [
        "", "#", "#fff", "00ff7f", "#00ff7", "#00ff7f0", "#00gg7f", "#+0ff7f", "#ééé",
    ] {
        assert_eq!(Rgb::parse(text), None, "{text}");
    }
    assert_eq!(Rgb(0, 255, 127).hex(), "#00ff7f");
}

#[test]
fn stand_ins_become_variables_and_everything_else_stays() {
    let sentinel = Palette::sentinel();
    let svg = format!(
        "<a fill=\"{}\" stroke=\"{}\"/>#12 é#",
        sentinel.served.hex(),
        sentinel.timed_out_text.hex()
    );
    let expected = "<a fill=\"var(--hd-served)\" stroke=\"var(--hd-timed-out-text)\"/>#12 é#";
    assert_eq!(themed_svg(svg), expected);
}
