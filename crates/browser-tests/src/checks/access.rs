//! axe-core over whole pages, mdBook's own parts included.

use anyhow::{Context, Result, bail};

use super::pages;
use crate::World;
use crate::browser::Window;

/// mdBook's five themes.
pub(crate) const THEMES: [&str; 5] = ["light", "rust", "coal", "navy", "ayu"];

/// A page script that returns what axe-core finds wrong with the page as it stands.
pub(crate) const AXE: &str = "const result = await axe.run(document, { resultTypes: ['violations'] });
    return result.violations.map(rule =>
        `${rule.id} (${rule.impact}): ` + rule.nodes.slice(0, 3).map(node => node.target.flat().join(' ')).join(' | '));";

/// Puts the book in a theme the way its own menu does.
pub(crate) fn set_theme(theme: &str) -> String {
    format!(
        "localStorage.setItem('mdbook-theme', '{theme}');
         const root = document.documentElement;
         root.classList.remove('light', 'rust', 'coal', 'navy', 'ayu');
         root.classList.add('{theme}');
         await pause(120);"
    )
}

pub(crate) async fn axe_finds_nothing_on_any_page_in_any_theme(world: &World) -> Result<()> {
    let axe = world
        .axe
        .as_deref()
        .context("axe-core was not given; pass --axe axe.min.js (npm package axe-core)")?;
    let pages = pages::all(world).await?;
    let mut found = Vec::new();
    for window in [Window::WIDE, Window::PHONE] {
        let tab = world.driver.open(window).await?;
        for page in &pages {
            tab.goto(&format!("{}{page}", world.site.url)).await?;
            tab.driver.execute(axe, Vec::new()).await?;
            tab.run(
                "for (const lab of document.querySelectorAll('hd-lab')) { lab.scrollIntoView(); await pause(300); }
                 window.scrollTo(0, 0);",
            )
            .await?;
            for theme in THEMES {
                let violations = tab.run(&[&set_theme(theme), AXE].concat()).await?;
                for violation in violations.as_array().into_iter().flatten() {
                    found.push(format!("{page}, {theme}, {} px: {violation}", window.width));
                }
            }
        }
        tab.close().await?;
    }
    if found.is_empty() {
        Ok(())
    } else {
        bail!("{} violations:\n{}", found.len(), found.join("\n"))
    }
}
