//! Who may depend on whom: the architecture's arrows, read from the manifests.
//!
//! `a ← b` means that b may depend on a. Development dependencies are free: they are in nothing that is shipped.

use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::places::Places;

/// Where a package stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Layer {
    /// Simulated time; everybody's vocabulary.
    Clock,
    /// The simulation kernel.
    Sim,
    /// One mechanism, pure; any crate under `crates/` that is nothing else.
    Mechanism,
    /// Labs as rules and data.
    Labs,
    /// Scenes and charts.
    Draw,
    /// What a reader sees: figures, simulator, book, and a lab run natively.
    Page,
    /// Mechanisms on tokio.
    Drivers,
    /// Native programs.
    Example,
    /// Programs that build and test the others.
    Tool,
}

use Layer::{Clock, Draw, Drivers, Example, Labs, Mechanism, Page, Sim, Tool};

/// One package of this workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Package {
    /// Its name.
    pub(crate) name: String,
    /// Where it stands.
    pub(crate) layer: Layer,
    /// What its manifest names as a dependency, development dependencies left out.
    pub(crate) depends_on: Vec<String>,
}

impl Layer {
    /// The layer of a package, from its name and its folder relative to the repository.
    pub(crate) fn of(name: &str, folder: &Path) -> Self {
        match name {
            "clock" => Clock,
            "sim" => Sim,
            "labs" => Labs,
            "draw" => Draw,
            "figures" | "lab" | "simulator" | "book" => Page,
            "drivers" => Drivers,
            "bench" | "browser-tests" | "conform" | "devserver" | "postlink" | "xtask" => Tool,
            _ if folder.starts_with("examples") => Example,
            _ => Mechanism,
        }
    }

    /// The layers a package of this layer may depend on.
    fn allowed(self) -> &'static [Self] {
        match self {
            Clock => &[],
            Sim | Mechanism => &[Clock],
            Labs => &[Clock, Sim, Mechanism],
            Draw => &[Clock, Labs],
            Page => &[Clock, Labs, Draw],
            Drivers => &[Clock, Mechanism],
            // A load generator draws its arrivals from the kernel, as the model it is compared with does.
            Example => &[Clock, Sim, Mechanism, Drivers],
            Tool => &[Clock, Sim, Mechanism, Labs, Draw, Drivers],
        }
    }

    /// Whether this is labs or below: code that knows no runtime, no user interface and no charts.
    pub(crate) fn is_below_draw(self) -> bool {
        matches!(self, Clock | Sim | Mechanism | Labs)
    }
}

/// The packages of this workspace, as cargo reads them.
pub(crate) fn read_workspace(places: &Places) -> Result<Vec<Package>> {
    let output = places
        .cargo()
        .args(["metadata", "--format-version", "1", "--no-deps"])
        .output()?;
    if !output.status.success() {
        bail!(
            "cargo metadata failed: {}",
            String::from_utf8_lossy(&output.stderr).trim()
        );
    }
    let metadata: Value =
        serde_json::from_slice(&output.stdout).context("cargo metadata is not JSON")?;
    parse(&metadata, &places.root).context("cargo metadata lacks a field")
}

fn parse(metadata: &Value, root: &Path) -> Option<Vec<Package>> {
    let package = |package: &Value| {
        let name = package.get("name")?.as_str()?.to_owned();
        let manifest = Path::new(package.get("manifest_path")?.as_str()?);
        let folder = manifest.strip_prefix(root).unwrap_or(manifest);
        let shipped =
            |dependency: &&Value| dependency.get("kind").and_then(Value::as_str) != Some("dev");
        let dependencies = package
            .get("dependencies")?
            .as_array()?
            .iter()
            .filter(shipped);
        let depends_on = dependencies
            .filter_map(|found| Some(found.get("name")?.as_str()?.to_owned()))
            .collect();
        Some(Package {
            layer: Layer::of(&name, folder),
            name,
            depends_on,
        })
    };
    metadata
        .get("packages")?
        .as_array()?
        .iter()
        .map(package)
        .collect()
}

/// One line for each dependency between our packages that no arrow allows.
pub(crate) fn forbidden_arrows(packages: &[Package]) -> Vec<String> {
    let mut findings = Vec::new();
    for package in packages {
        for other in packages
            .iter()
            .filter(|other| package.depends_on.contains(&other.name))
        {
            if !package.layer.allowed().contains(&other.layer) {
                findings.push(format!(
                    "{} ({:?}) must not depend on {} ({:?})",
                    package.name, package.layer, other.name, other.layer
                ));
            }
        }
    }
    findings
}

/// One line for each library that must not be linked by `package`, which is labs or below.
pub(crate) fn forbidden_below_labs(package: &str, tree: &[String]) -> Vec<String> {
    let forbidden = |name: &&String| {
        ["yew", "plotters", "tokio"]
            .iter()
            .any(|family| is_of(name, family))
    };
    tree.iter()
        .filter(forbidden)
        .map(|name| format!("{package} must not link {name}"))
        .collect()
}

/// One line for each runtime in the simulator's dependency tree for the page.
pub(crate) fn forbidden_in_page(tree: &[String]) -> Vec<String> {
    let forbidden = |name: &&String| name.as_str() == "tokio";
    tree.iter()
        .filter(forbidden)
        .map(|name| format!("the simulator must not link {name} in a page"))
        .collect()
}

/// Whether a crate is of a family: `plotters` itself or `plotters-svg`.
fn is_of(name: &str, family: &str) -> bool {
    name.strip_prefix(family)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}
