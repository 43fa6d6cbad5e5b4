//! The packages a package is linked from, as cargo resolves them.

use anyhow::{Result, bail};

use crate::places::Places;

/// Names of everything `package` links, itself included, for this machine or for `target`; build tools are left out.
pub(crate) fn packages(
    places: &Places,
    package: &str,
    target: Option<&str>,
) -> Result<Vec<String>> {
    let mut command = places.cargo();
    command.args([
        "tree",
        "-q",
        "-p",
        package,
        "-e",
        "normal,no-proc-macro",
        "--prefix",
        "none",
        "--format",
        "{p}",
    ]);
    if let Some(target) = target {
        command.args(["--target", target]);
    }
    let output = command.output()?;
    if !output.status.success() {
        bail!(
            "cargo tree failed: {}",
            String::from_utf8_lossy(&output.stderr).trim()
        );
    }
    Ok(names(&String::from_utf8_lossy(&output.stdout)))
}

/// The first word of each line, sorted, each once.
fn names(tree: &str) -> Vec<String> {
    let mut names: Vec<String> = tree
        .lines()
        .filter_map(|line| line.split(' ').next())
        .map(str::to_owned)
        .collect();
    names.retain(|name| !name.is_empty());
    names.sort();
    names.dedup();
    names
}
