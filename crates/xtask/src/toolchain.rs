//! Which compiler builds for WebAssembly: whichever has, or can be given, the wasm32 standard library.
//!
//! The order is: what is installed already; `rustup target add`, under a time limit because some networks let it
//! hang; Debian's own Rust packages, which carry the standard library's source for `-Zbuild-std`; the same packages
//! through apt-get, as root; one sentence that says what to install.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Result, bail};
use clap::ValueEnum;

use crate::packages;
use crate::places::Places;
use crate::process::{self, Lines};
use crate::steps::Step;

/// The target triple of the page.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";
/// Where rustup can download at all, it needs 2 s.
const ADD_TARGET_LIMIT: Duration = Duration::from_secs(20);
/// What Debian's leg needs.
const DEBIAN_PACKAGES: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "lld-22"];

/// A compiler that can build the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Toolchain {
    /// The everyday one: its wasm32 standard library is installed.
    Installed,
    /// Debian's, which compiles the standard library from source.
    Debian {
        /// The linker, like `wasm-ld-22`.
        linker: String,
    },
}

/// Which compilers may be considered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Preference {
    /// The first that works.
    #[default]
    Auto,
    /// Only the everyday one, with `rustup target add` if need be.
    Rustup,
    /// Only Debian's, installed through apt-get if need be.
    Debian,
}

/// What is known about this machine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Facts {
    /// The everyday compiler has the wasm32 standard library.
    pub(crate) installed: bool,
    /// There is a rustup that could add it.
    pub(crate) rustup: bool,
    /// The linker of a complete Debian toolchain.
    pub(crate) debian_linker: Option<String>,
    /// This user may install Debian packages.
    pub(crate) may_install: bool,
}

/// What has been tried in vain.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tried {
    /// `rustup target add` failed or hung.
    pub(crate) rustup: bool,
    /// Installing Debian's packages failed or did not help.
    pub(crate) apt: bool,
}

/// What to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Leg {
    /// Build with this one.
    Use(Toolchain),
    /// Ask rustup for the standard library.
    AddTarget,
    /// Ask apt-get for Debian's toolchain.
    InstallDebian,
    /// Ask the person.
    GiveUp,
}

/// The next leg, from facts alone.
pub(crate) fn next_leg(facts: &Facts, tried: Tried, preference: Preference) -> Leg {
    let everyday = preference != Preference::Debian;
    let debian = preference != Preference::Rustup;
    if everyday && facts.installed {
        return Leg::Use(Toolchain::Installed);
    }
    if everyday && facts.rustup && !tried.rustup {
        return Leg::AddTarget;
    }
    match &facts.debian_linker {
        Some(linker) if debian => Leg::Use(Toolchain::Debian {
            linker: linker.clone(),
        }),
        None if debian && facts.may_install && !tried.apt => Leg::InstallDebian,
        _ => Leg::GiveUp,
    }
}

/// Finds a compiler for the page, installing what is missing.
pub(crate) fn choose(places: &Places, preference: Preference, step: &Step) -> Result<Toolchain> {
    let remembered = places.target.join("rustup-target-add-failed");
    // A rustup that could not download yesterday is not asked again until the target folder is cleaned.
    let mut tried = Tried {
        rustup: remembered.exists(),
        apt: false,
    };
    loop {
        match next_leg(&Facts::gather(), tried, preference) {
            Leg::Use(toolchain) => {
                step.say(&toolchain.sentence());
                return Ok(toolchain);
            }
            Leg::AddTarget => {
                tried.rustup = true;
                step.status("rustup target add");
                if let Err(error) = add_target(places, step) {
                    step.say(&format!(
                        "  rustup could not add the wasm32 standard library: {error}"
                    ));
                    std::fs::write(
                        &remembered,
                        "Delete this file to let xtask ask rustup again.\n",
                    )?;
                }
            }
            Leg::InstallDebian => {
                tried.apt = true;
                if let Err(error) = packages::install(places, &DEBIAN_PACKAGES, step) {
                    step.say(&format!(
                        "  apt-get could not install Debian's Rust: {error}"
                    ));
                }
            }
            Leg::GiveUp => bail!(
                "no compiler here builds for WebAssembly: run `rustup target add {TARGET}`, or on Debian as root \
                 `apt-get install {}`",
                DEBIAN_PACKAGES.join(" ")
            ),
        }
    }
}

fn add_target(places: &Places, step: &Step) -> Result<()> {
    let mut command = places.other("rustup");
    command.args(["target", "add", TARGET]);
    process::run(command, step, Lines::WhenItFails, ADD_TARGET_LIMIT).map(|_| ())
}

/// Leaves out of the published module what only a debugger reads: the words of panics, their places, debug formats.
/// Together with a standard library compiled the same way this saves a fifth of what a visitor downloads.
/// Loop strength reduction is for processors' addressing modes; in WebAssembly it only adds locals (1 % of the module).
const SLIM: &str = "-Zlocation-detail=none -Zfmt-debug=none -Zunstable-options -Cpanic=immediate-abort \
                    -Cllvm-args=-disable-lsr";

/// The module as published.
impl Toolchain {
    /// Whether this compiler can compile the standard library, asking rustup for its source if need be.
    pub(crate) fn can_slim(&self, places: &Places, step: &Step) -> bool {
        if matches!(self, Self::Debian { .. }) || has_source() {
            return true;
        }
        let mut command = places.other("rustup");
        command.args(["component", "add", "rust-src"]);
        if process::run(command, step, Lines::WhenItFails, ADD_TARGET_LIMIT).is_ok() && has_source()
        {
            return true;
        }
        step.say("  The standard library's source is missing (rustup component add rust-src): the module is larger than published.");
        false
    }

    /// Makes `command` compile the standard library along, small.
    pub(crate) fn slim(&self, command: &mut Command) {
        command.env("RUSTFLAGS", SLIM).env("RUSTC_BOOTSTRAP", "1");
        command.arg("-Zbuild-std-features=optimize_for_size");
        if *self == Self::Installed {
            command.arg("-Zbuild-std=std,panic_abort");
        }
    }
}

/// Whether the everyday compiler has the standard library's source.
fn has_source() -> bool {
    let rustc = std::env::var_os("RUSTC").unwrap_or("rustc".into());
    sysroot(Command::new(rustc)).is_some_and(|sysroot| {
        sysroot
            .join("lib/rustlib/src/rust/library/Cargo.lock")
            .is_file()
    })
}

impl Toolchain {
    /// A cargo command that builds for the page with this compiler, into a target folder of its own.
    ///
    /// Its own folder, so that it never waits for the lock of the native build that runs beside it.
    pub(crate) fn cargo(&self, places: &Places) -> Command {
        let mut command = match self {
            Self::Installed => places.cargo(),
            Self::Debian { .. } => places.other("/usr/bin/cargo"),
        };
        command
            .arg("build")
            .env("CARGO_TARGET_DIR", self.target_dir(places));
        if let Self::Debian { linker } = self {
            // `cargo xtask` runs inside rustup's proxy, whose settings would lead back to rustup's compiler.
            for name in [
                "RUSTUP_TOOLCHAIN",
                "RUSTUP_HOME",
                "CARGO",
                "RUSTC_WRAPPER",
                "RUSTC_WORKSPACE_WRAPPER",
                "RUSTFLAGS",
                "CARGO_ENCODED_RUSTFLAGS",
                "LD_LIBRARY_PATH",
            ] {
                command.env_remove(name);
            }
            command
                .env("RUSTC", "/usr/bin/rustc")
                .env("RUSTDOC", "/usr/bin/rustdoc");
            // Allows `-Z` on a stable compiler.
            command.env("RUSTC_BOOTSTRAP", "1");
            command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker);
            command.arg("-Zbuild-std=std,panic_abort");
        }
        command.args(["--target", TARGET]);
        command
    }

    /// Where this compiler's files go.
    pub(crate) fn target_dir(&self, places: &Places) -> PathBuf {
        places.target.join(match self {
            Self::Installed => "wasm",
            Self::Debian { .. } => "wasm-debian",
        })
    }

    fn sentence(&self) -> String {
        match self {
            Self::Installed => "  WebAssembly is built by the installed toolchain.".to_owned(),
            Self::Debian { linker } => {
                format!(
                    "  WebAssembly is built by Debian's Rust with its standard library from source, and {linker}."
                )
            }
        }
    }
}

impl Facts {
    /// Looks at this machine; asks no network.
    fn gather() -> Self {
        let rustc = std::env::var_os("RUSTC").unwrap_or("rustc".into());
        let library = sysroot(Command::new(rustc))
            .map(|sysroot| sysroot.join("lib/rustlib").join(TARGET).join("lib"));
        Self {
            installed: library.is_some_and(|library| has_std(&library)),
            rustup: packages::on_path("rustup"),
            debian_linker: debian_linker(),
            may_install: packages::may_install(),
        }
    }
}

fn sysroot(mut rustc: Command) -> Option<PathBuf> {
    let output = rustc.args(["--print", "sysroot"]).output().ok()?;
    output
        .status
        .success()
        .then(|| PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()))
}

fn has_std(library: &Path) -> bool {
    file_names(library)
        .iter()
        .any(|name| name.starts_with("libstd-"))
}

fn file_names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect()
}

/// The linker of Debian's toolchain if all of it is there: compiler, cargo, library source, linker.
fn debian_linker() -> Option<String> {
    let rustc = Path::new("/usr/bin/rustc");
    if !rustc.is_file() || !Path::new("/usr/bin/cargo").is_file() {
        return None;
    }
    let version = Command::new(rustc)
        .arg("--version")
        .env_remove("RUSTUP_TOOLCHAIN")
        .output()
        .ok()?;
    if !new_enough(
        &String::from_utf8_lossy(&version.stdout),
        env!("CARGO_PKG_RUST_VERSION"),
    ) {
        return None;
    }
    let source = sysroot(Command::new(rustc))?.join("lib/rustlib/src/rust/library/std/Cargo.toml");
    source
        .is_file()
        .then(|| newest_linker(&file_names(Path::new("/usr/bin"))))?
}

/// Whether `rustc 1.96.0 (…)` is at least the version this workspace asks for, like `1.95`.
pub(crate) fn new_enough(version: &str, wanted: &str) -> bool {
    fn parts(version: &str) -> Option<(u32, u32)> {
        let mut parts = version.split('.');
        Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
    }
    match (version.split(' ').nth(1).and_then(parts), parts(wanted)) {
        (Some(version), Some(wanted)) => version >= wanted,
        _ => false,
    }
}

/// The newest `wasm-ld-NN` among these names, by number; a plain `wasm-ld` if there is no other.
pub(crate) fn newest_linker(names: &[String]) -> Option<String> {
    let number = |name: &str| name.strip_prefix("wasm-ld-")?.parse::<u32>().ok();
    let newest = names.iter().filter_map(|name| number(name)).max();
    let plain = || {
        names
            .iter()
            .any(|name| name == "wasm-ld")
            .then(|| "wasm-ld".to_owned())
    };
    newest
        .map(|number| format!("wasm-ld-{number}"))
        .or_else(plain)
}
