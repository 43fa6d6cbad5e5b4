//! `book`: the preprocessor that stock mdBook calls, and the builder and checker of the whole site.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use mdbook_preprocessor::{MDBOOK_VERSION, Preprocessor};

const USAGE: &str = "usage: book [build [--dest DIR [--offline GLUE]] | check | supports RENDERER]

  (nothing)           read mdBook's book on standard input and write it back with every element filled
  build [--dest DIR]  write the static site, by default into the folder book
  build --dest DIR --offline GLUE
                      write it as a folder to be opened from disk; GLUE is what postlink --no-modules has written
  check               say what is wrong with the sources, a line each, without building
  supports RENDERER   exit with 0 if the elements can be filled for this renderer";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = match words[..] {
        [] => preprocess(),
        ["supports", renderer] => return exit(["html", "test"].contains(&renderer)),
        ["build"] => root().and_then(|root| book::site::build(&root, &root.join("book"))),
        ["build", "--dest", dest] => build(Path::new(dest)),
        ["build", "--dest", dest, "--offline", glue] => offline(Path::new(dest), Path::new(glue)),
        ["check"] => check(),
        ["--help" | "-h" | "help"] => {
            println!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        _ => {
            eprintln!("book: {:?} is not a command.\n{USAGE}", words.join(" "));
            return ExitCode::from(2);
        }
    };
    if let Err(error) = &result {
        eprintln!("{error:#}");
    }
    exit(result.is_ok())
}

fn exit(good: bool) -> ExitCode {
    if good {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// The nearest folder with a `book.toml`, here or above.
fn root() -> Result<PathBuf> {
    let here = std::env::current_dir().context("the current folder is gone")?;
    let found = here
        .ancestors()
        .find(|folder| folder.join("book.toml").is_file());
    found
        .map(Path::to_owned)
        .context("there is no book.toml here or in a folder above")
}

fn build(dest: &Path) -> Result<()> {
    let here = std::env::current_dir().context("the current folder is gone")?;
    book::site::build(&root()?, &here.join(dest))
}

fn offline(dest: &Path, glue: &Path) -> Result<()> {
    let here = std::env::current_dir().context("the current folder is gone")?;
    book::site::build_offline(&root()?, &here.join(glue), &here.join(dest))
}

fn check() -> Result<()> {
    let problems = book::check::problems(&root()?)?;
    if problems.is_empty() {
        return Ok(());
    }
    anyhow::bail!("{}", problems.join("\n"))
}

/// mdBook's protocol: the book comes as JSON and goes back as JSON.
fn preprocess() -> Result<()> {
    let mut input = String::new();
    std::io::stdin()
        .read_to_string(&mut input)
        .context("standard input is not text")?;
    let (context, book) = mdbook_preprocessor::parse_input(input.as_bytes())
        .context("standard input is not what mdBook writes to a preprocessor")?;
    if context.mdbook_version != MDBOOK_VERSION {
        let theirs = &context.mdbook_version;
        eprintln!("book: made for mdBook {MDBOOK_VERSION}, called by {theirs}; going on.");
    }
    let book = book::Elements.run(&context, book)?;
    let json = serde_json::to_string(&book).context("the book cannot be written as JSON")?;
    std::io::stdout()
        .write_all(json.as_bytes())
        .context("mdBook stopped listening")
}
