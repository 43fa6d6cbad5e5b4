//! Writes every lab's static figure, as it stands at the lab's poster moment, as one SVG file a lab.
//!
//! `cargo run -p figures -- --out figures --width 750 --theme navy` draws all labs in the colours of mdBook's navy theme.
//! On screen: one line with the path of each file written.

mod options;

use std::io::Write;
use std::process::ExitCode;

use clock::Instant;
use draw::{figure_svg, figure_with};
use labs::Entry;

use crate::options::{Colours, HELP, Options};

fn main() -> ExitCode {
    let options = match Options::parse(std::env::args().skip(1)) {
        Ok(Some(options)) => options,
        Ok(None) => {
            say(HELP);
            return ExitCode::SUCCESS;
        }
        Err(problem) => return refuse(&problem),
    };
    match write_all(&options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => refuse(&format!("{problem:#}")),
    }
}

/// A line on standard output; the files are written also if whoever reads it, as `head` does, has had enough.
fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

fn refuse(problem: &str) -> ExitCode {
    // Nobody may be reading.
    let _ = writeln!(std::io::stderr(), "figures: {problem}");
    ExitCode::from(2)
}

fn write_all(options: &Options) -> anyhow::Result<()> {
    use anyhow::Context as _;
    let folder = &options.out;
    std::fs::create_dir_all(folder)
        .with_context(|| format!("cannot make the folder {}", folder.display()))?;
    for entry in labs::ALL {
        let path = folder.join(format!("{}.svg", entry.id));
        let figure = poster(entry, options) + "\n";
        std::fs::write(&path, figure)
            .with_context(|| format!("cannot write {}", path.display()))?;
        say(&path.display().to_string());
    }
    Ok(())
}

/// The figure of a lab at the moment it names for it.
fn poster(entry: &Entry, options: &Options) -> String {
    let mut run = entry.open(options.seed);
    // What lies beyond the moment is drawn pale: on paper nobody can press play.
    while run.look_ahead(u64::MAX) {}
    // A figure on paper shows the whole run, what lies behind its moment pale.
    run.finish();
    run.seek(Instant::ZERO + run.about().poster);
    match &options.colours {
        Colours::Page => figure_svg(run.as_ref(), options.width),
        Colours::Own(palette) => figure_with(run.as_ref(), options.width, palette),
    }
}

#[cfg(test)]
mod tests;
