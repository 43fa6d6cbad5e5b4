//! Pages as such: readable, quiet, self-contained, and fit for a phone.

use anyhow::{Result, bail};
use serde_json::Value;

use crate::World;
use crate::browser::{Tab, Window};

/// Paths of all pages, from the book's own table of contents.
pub(crate) async fn all(world: &World) -> Result<Vec<String>> {
    let tab = world.driver.open(Window::WIDE).await?;
    tab.goto(&world.site.url).await?;
    let found = tab
        .run(
            "const list = await until('the table of contents', () => {
                 const links = [...document.querySelectorAll('#mdbook-sidebar a[href]')];
                 return links.length && links;
             });
             const base = new URL('.', location).href;
             return [...new Set(list.map(link => link.href.split('#')[0]))].map(href => href.replace(base, ''));",
        )
        .await?;
    tab.close().await?;
    let pages: Vec<String> = found
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(String::from)
        .collect();
    if pages.len() < 3 {
        bail!("the table of contents names only {pages:?}");
    }
    Ok(pages)
}

async fn visit_all(world: &World, tab: &Tab, script: &str) -> Result<()> {
    for page in all(world).await? {
        tab.goto(&format!("{}{page}", world.site.url)).await?;
        tab.require(&page, script).await?;
    }
    Ok(())
}

pub(crate) async fn text_is_readable_before_any_script_runs(world: &World) -> Result<()> {
    let tab = world
        .driver
        .open(Window {
            scripts: false,
            ..Window::WIDE
        })
        .await?;
    tab.goto(&format!("{}scalability/rate-limiting.html", world.site.url))
        .await?;
    // WebDriver's own scripts run even where the page's may not.
    tab.require(
        "the page without scripts",
        "const labs = [...document.querySelectorAll('hd-lab')];
         if (labs.some(lab => lab.shadowRoot)) return 'scripts ran after all';
         if (document.querySelector('main').innerText.length < 3000) return 'there is hardly any text';
         if (!labs.length) return 'there is no lab';
         return labs.every(lab => [...lab.querySelectorAll('svg')].some(figure => figure.getBoundingClientRect().height > 100))
             || 'a lab shows no figure';",
    )
    .await?;
    tab.close().await
}

pub(crate) async fn no_page_complains_or_asks_another_host(world: &World) -> Result<()> {
    let tab = world.driver.open(Window::WIDE).await?;
    let origin = world
        .site
        .url
        .split("/team/")
        .next()
        .unwrap_or_default()
        .to_owned();
    for page in all(world).await? {
        tab.goto(&format!("{}{page}", world.site.url)).await?;
        tab.run(
            "for (const lab of document.querySelectorAll('hd-lab')) { lab.scrollIntoView(); await pause(400); }
             return true;",
        )
        .await?;
        let complaints = tab.complaints().await?;
        if !complaints.is_empty() {
            bail!("{page}: {complaints:?}");
        }
        let strangers: Vec<String> = tab
            .requests()
            .await?
            .into_iter()
            // Chromium's own pages and data addresses ask nobody.
            .filter(|url| url.starts_with("http") && !url.starts_with(&origin))
            .collect();
        if !strangers.is_empty() {
            bail!("{page} asks {strangers:?}");
        }
    }
    tab.close().await
}

pub(crate) async fn no_page_scrolls_sideways_on_a_phone(world: &World) -> Result<()> {
    let tab = world.driver.open(Window::PHONE).await?;
    visit_all(
        world,
        &tab,
        "for (const lab of document.querySelectorAll('hd-lab')) { lab.scrollIntoView(); await pause(200); }
         const root = document.documentElement;
         return root.scrollWidth <= root.clientWidth || `${root.scrollWidth} px wide`;",
    )
    .await?;
    tab.close().await
}

pub(crate) async fn the_print_page_starts_no_lab(world: &World) -> Result<()> {
    let tab = world.driver.open(Window::WIDE).await?;
    tab.cdp(
        "Page.addScriptToEvaluateOnNewDocument",
        serde_json::json!({ "source": "window.print = () => {};" }),
    )
    .await?;
    tab.goto(&format!("{}print.html", world.site.url)).await?;
    tab.require(
        "the print page",
        "await pause(500);
         const labs = [...document.querySelectorAll('hd-lab')];
         if (labs.length < 3) return labs.length + ' labs';
         return labs.every(lab => lab.querySelector('svg')?.getBoundingClientRect().height > 100 && !lab.shadowRoot?.querySelector('canvas'))
             || 'a lab without its static figure';",
    )
    .await?;
    tab.close().await
}

pub(crate) async fn a_live_lab_is_a_figure_on_paper(world: &World) -> Result<()> {
    let tab = world.driver.open(Window::WIDE).await?;
    tab.goto(&format!("{}scalability/rate-limiting.html", world.site.url))
        .await?;
    tab.run("await alive('one-bucket'); return 0;").await?;
    tab.cdp(
        "Emulation.setEmulatedMedia",
        serde_json::json!({ "media": "print" }),
    )
    .await?;
    tab.require(
        "on paper",
        "const lab = host('one-bucket');
         if (inside('one-bucket', '.hd-live').checkVisibility()) return 'the canvas would be printed';
         return [...lab.querySelectorAll('svg')].some(figure => figure.getBoundingClientRect().height > 100)
             || 'there is no figure';",
    )
    .await?;
    tab.close().await
}

pub(crate) async fn arrow_keys_still_turn_pages_outside_a_lab(world: &World) -> Result<()> {
    let tab = world.driver.open(Window::WIDE).await?;
    tab.goto(&world.site.url).await?;
    let before = tab.run("return location.pathname;").await?;
    tab.press(thirtyfour::Key::Right).await?;
    tab.require(
        "an arrow key on the page",
        &format!("await pause(800); return location.pathname !== {before} || 'stayed';"),
    )
    .await?;
    tab.close().await
}
