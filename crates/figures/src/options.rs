//! The command line.

use std::path::PathBuf;

use draw::Palette;

/// The book's colours, so that there is one list of them.
const SHEET: &str = include_str!("../../../theme/colours.css");

/// Narrower than any phone, or wider than any page, is a slip of the keyboard.
const WIDTHS: core::ops::RangeInclusive<f32> = 280.0..=4_000.0;

/// What `--help` prints.
pub(crate) const HELP: &str = "\
Writes every lab's static figure as one SVG file a lab.

Usage: figures [--out DIR] [--width PIXELS] [--theme THEME] [--seed SEED]

  --out DIR       folder to write to, made if it does not exist [figures]
  --width PIXELS  width of the figures in CSS pixels, 280 to 4000 [750]
  --theme THEME   light, rust, coal, navy, ayu, or var for the CSS variables of the page around it [light]
  --seed SEED     seed of the runs, a whole number [1]
  --help          print this";

/// Where the colours come from.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Colours {
    /// From the page the figure will stand in.
    Page,
    /// From a theme; the figure can stand anywhere.
    Own(Box<Palette>),
}

/// What to draw and where to put it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Options {
    /// The folder to write to.
    pub(crate) out: PathBuf,
    /// Width of the figures, in CSS pixels.
    pub(crate) width: f32,
    /// Their colours.
    pub(crate) colours: Colours,
    /// Seed of the runs.
    pub(crate) seed: u64,
}

impl Options {
    /// Reads the arguments after the program's name; `None` when help was asked for, an `Err` is one sentence.
    pub(crate) fn parse(
        arguments: impl IntoIterator<Item = String>,
    ) -> Result<Option<Self>, String> {
        let mut options = Self {
            out: "figures".into(),
            width: 750.0,
            colours: own("light")?,
            seed: 1,
        };
        let mut arguments = arguments.into_iter();
        while let Some(name) = arguments.next() {
            if name == "--help" || name == "-h" {
                return Ok(None);
            }
            let (name, inline) = match name.split_once('=') {
                Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
                None => (name, None),
            };
            if !["--out", "--width", "--theme", "--seed"].contains(&name.as_str()) {
                return Err(format!("there is no option `{name}`; see --help"));
            }
            let value = inline
                .or_else(|| arguments.next())
                .ok_or_else(|| format!("`{name}` needs a value"))?;
            match name.as_str() {
                "--out" => options.out = value.into(),
                "--width" => options.width = width(&value)?,
                "--theme" => options.colours = colours(&value)?,
                _ => {
                    options.seed = value
                        .parse()
                        .map_err(|_| format!("`{value}` is not a seed, a whole number from 0"))?
                }
            }
        }
        Ok(Some(options))
    }
}

fn width(value: &str) -> Result<f32, String> {
    let width = value.parse().ok().filter(|width| WIDTHS.contains(width));
    width.ok_or_else(|| {
        format!(
            "`{value}` is not a width from {} to {} pixels",
            WIDTHS.start(),
            WIDTHS.end()
        )
    })
}

fn colours(theme: &str) -> Result<Colours, String> {
    if theme == "var" {
        Ok(Colours::Page)
    } else {
        own(theme)
    }
}

fn own(theme: &str) -> Result<Colours, String> {
    let palette = Palette::from_css(SHEET, theme).map(|palette| Colours::Own(Box::new(palette)));
    palette.ok_or_else(|| {
        format!("there is no theme `{theme}`; take light, rust, coal, navy, ayu or var")
    })
}
