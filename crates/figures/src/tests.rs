//! Tests of the command line and of the figures.

use std::path::PathBuf;

use crate::options::{Colours, Options};
use crate::poster;

fn parse(arguments: &str) -> Result<Option<Options>, String> {
    Options::parse(arguments.split_whitespace().map(str::to_owned))
}

fn accepted(arguments: &str) -> Options {
    parse(arguments)
        .expect("these are fine")
        .expect("no help was asked for")
}

#[test]
fn without_arguments_figures_are_as_wide_as_the_column_and_light() {
    let options = accepted("");
    assert_eq!(
        (options.out, options.width, options.seed),
        (PathBuf::from("figures"), 750.0, 1)
    );
    assert!(matches!(options.colours, Colours::Own(palette) if *palette == draw::Palette::LIGHT));
}

#[test]
fn every_option_is_taken_with_a_blank_or_an_equals_sign() {
    let options = accepted("--out pictures --width=350 --theme var --seed=7");
    assert_eq!(options.out, PathBuf::from("pictures"));
    assert_eq!(
        (options.width, options.colours, options.seed),
        (350.0, Colours::Page, 7)
    );
}

#[test]
fn help_wins_over_everything_after_it() {
    assert_eq!(parse("--help --nonsense"), Ok(None));
}

#[test]
fn what_is_wrong_is_said_in_one_sentence() {
    for (arguments, expected) in [
        ("--colour navy", "there is no option `--colour`"),
        ("navy", "there is no option `navy`"),
        ("--width", "`--width` needs a value"),
        ("--width 279", "`279` is not a width"),
        ("--width NaN", "`NaN` is not a width"),
        ("--theme sepia", "there is no theme `sepia`"),
        ("--seed -1", "`-1` is not a seed"),
    ] {
        let problem = parse(arguments).expect_err(arguments);
        assert!(problem.starts_with(expected), "{arguments}: {problem}");
        assert!(!problem.contains('\n'));
    }
    assert_eq!(accepted("--width 280").width, 280.0);
}

#[test]
fn every_lab_has_a_figure_in_every_theme_and_the_same_one_each_time() {
    for entry in labs::ALL {
        for theme in ["light", "rust", "coal", "navy", "ayu", "var"] {
            let options = accepted(&format!("--theme {theme} --width 350"));
            let figure = poster(entry, &options);
            assert!(
                figure.starts_with("<svg ") && figure.ends_with("</svg>"),
                "{}",
                entry.id
            );
            assert_eq!(
                figure.contains('#'),
                theme != "var",
                "{} in {theme}",
                entry.id
            );
            assert_eq!(figure, poster(entry, &options), "{}", entry.id);
        }
    }
}
