//! `postlink IN.wasm OUT_DIR`: turns a linked WebAssembly file into the module and the JavaScript glue a page loads.
//!
//! It is the library form of `wasm-bindgen`, so nobody has to install that program in the one version that fits.
//! `simulator.wasm` becomes `simulator.js` (an ES module whose default export starts it) and `simulator_bg.wasm`.
//! A file whose bytes would not change is left alone: whoever watches the folder then sees no change.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use clap::Parser;
use wasm_bindgen_cli_support::Bindgen;

mod mirror;
mod shorten;
mod sizes;
#[cfg(test)]
mod tests;

/// Turns a linked WebAssembly file into the module and glue a page loads.
#[derive(Parser)]
struct Arguments {
    /// The WebAssembly file as the linker wrote it.
    input: PathBuf,
    /// The folder that receives NAME.js and NAME_bg.wasm; made if it is missing.
    out_dir: PathBuf,
    /// Write a classic script instead of an ES module, for pages opened from file://.
    #[arg(long)]
    no_modules: bool,
    /// Print the size of what a visitor downloads, raw and compressed with brotli at its best level.
    #[arg(long)]
    sizes: bool,
    /// Fail when module and glue together are larger than this many bytes after brotli; implies --sizes.
    #[arg(long, value_name = "BYTES")]
    brotli_limit: Option<usize>,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if !arguments.input.is_file() {
        eprintln!("postlink: there is no file {}.", arguments.input.display());
        return ExitCode::from(2);
    }
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("postlink: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<()> {
    let staging = staging_folder(&arguments.input)?;
    generate(&arguments.input, &staging, arguments.no_modules)?;
    mirror::mirror(&staging, &arguments.out_dir)?;
    if arguments.sizes || arguments.brotli_limit.is_some() {
        let total = sizes::print(&arguments.out_dir)?;
        if let Some(limit) = arguments.brotli_limit
            && total > limit
        {
            bail!("module and glue are {total} bytes after brotli, more than the limit of {limit}");
        }
    }
    Ok(())
}

/// An empty folder beside the input, so that a half-written result never reaches the output folder.
fn staging_folder(input: &Path) -> Result<PathBuf> {
    let stem = input.file_stem().context("the input has no file name")?;
    let staging = input.with_file_name(format!("{}-postlink", stem.to_string_lossy()));
    if staging.exists() {
        fs::remove_dir_all(&staging)
            .with_context(|| format!("cannot empty {}", staging.display()))?;
    }
    Ok(staging)
}

fn generate(input: &Path, staging: &Path, no_modules: bool) -> Result<()> {
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(input)
        .typescript(false)
        .remove_name_section(true)
        .remove_producers_section(true);
    if no_modules {
        bindgen.no_modules(true)?;
    } else {
        bindgen.web(true)?;
    }
    let refused = || format!("wasm-bindgen refused {}", input.display());
    let mut output = bindgen.generate_output().with_context(refused)?;
    let names = shorten::Names::of(&mut output);
    output.emit(staging).with_context(refused)?;
    let glue = staging.join(format!("{}.js", bindgen.stem()?));
    let text = fs::read_to_string(&glue)
        .with_context(|| format!("wasm-bindgen wrote no {}", glue.display()))?;
    fs::write(&glue, names.glue(&text)).with_context(|| format!("cannot write {}", glue.display()))
}
