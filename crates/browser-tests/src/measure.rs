//! What a reader's browser needs for the labs, in milliseconds: figures to print, never to fail by.

use anyhow::Result;
use serde_json::{Value, json};

use crate::World;
use crate::browser::{Tab, Window};

const SECTION: &str = "scalability/rate-limiting.html";
/// Requests a second at which about 10,000 are under way at any time.
const STRESS: &str = "offered=20000,rate=10000,opening=0";

/// Counts how long each animation frame keeps the page busy.
const FRAME_COST: &str = "window.frames_cost = []; const ask = window.requestAnimationFrame.bind(window);
    window.requestAnimationFrame = callback => ask(time => {
        const start = performance.now(); callback(time); window.frames_cost.push([time, performance.now() - start]); });";

/// Adds a lab under full load at the top of the page.
const ADD: &str = "const lab = document.createElement('hd-lab');
    lab.setAttribute('lab', 'one-bucket'); lab.setAttribute('knobs', KNOBS);
    const old = host('one-bucket'); old.replaceWith(lab); await alive('one-bucket'); const id = 'one-bucket';
    const button = word => [...lab.shadowRoot.querySelectorAll('button')].find(b => b.innerText.trim() === word);
    const quantile = (list, q) => list.sort((a, b) => a - b)[Math.min(list.length - 1, Math.floor(q * list.length))];";

/// Prints the table.
pub(crate) async fn all(world: &World) -> Result<()> {
    println!(
        "{:<58} {:>10}  {:>10}",
        "in headless Chromium, no GPU", "measured", "budget"
    );
    first_lab(world).await?;
    let tab = world.driver.open(Window::WIDE).await?;
    tab.cdp(
        "Page.addScriptToEvaluateOnNewDocument",
        json!({ "source": FRAME_COST }),
    )
    .await?;
    tab.goto(&format!("{}{SECTION}", world.site.url)).await?;
    frames(&tab).await?;
    seeks(&tab).await?;
    tab.close().await
}

async fn first_lab(world: &World) -> Result<()> {
    let tab = world.driver.open(Window::WIDE).await?;
    let alive = "await until('a lab', () => document.querySelector('hd-lab')?.shadowRoot?.querySelector('.hd-live canvas'));
        return performance.now();";
    tab.goto(&format!("{}preface.html", world.site.url)).await?;
    row(
        "first lab interactive, empty cache",
        &tab.run(alive).await?,
        "700 ms",
    );
    tab.goto(&format!("{}{SECTION}", world.site.url)).await?;
    tab.goto(&format!("{}preface.html", world.site.url)).await?;
    row(
        "first lab interactive, warm cache",
        &tab.run(alive).await?,
        "300 ms",
    );
    tab.close().await
}

async fn frames(tab: &Tab) -> Result<()> {
    let measured = tab
        .run(&format!(
            "const KNOBS = '{STRESS}'; {ADD}
             button('Play').click(); await pause(1500); window.frames_cost = []; await pause(4000);
             const frames = window.frames_cost.slice();
             button('Pause').click();
             const costs = frames.map(([, cost]) => cost);
             const gaps = frames.slice(1).map(([time], nth) => time - frames[nth][0]).filter(gap => gap > 0);
             return [quantile(costs, 0.5), quantile(costs, 0.95), quantile(gaps, 0.5), quantile(gaps, 0.95)];"
        ))
        .await?;
    row(
        "10,000 requests in flight: work a frame, median",
        &measured[0],
        "4 ms",
    );
    row(
        "10,000 requests in flight: work a frame, 95 %",
        &measured[1],
        "4 ms",
    );
    row(
        "10,000 requests in flight: frame interval, median",
        &measured[2],
        "16.7 ms",
    );
    row(
        "10,000 requests in flight: frame interval, 95 %",
        &measured[3],
        "16.7 ms",
    );
    Ok(())
}

async fn seeks(tab: &Tab) -> Result<()> {
    let measured = tab
        .run(&format!(
            "const KNOBS = '{STRESS}'; {ADD}
             const slider = inside(id, '.hd-time'); const costs = [];
             const seek = secs => {{ slider.value = secs; const start = performance.now();
                 slider.dispatchEvent(new InputEvent('input', {{ bubbles: true, composed: true }})); return performance.now() - start; }};
             await pause(4000);
             for (const secs of [29, 1, 15, 28.5, 3.3, 22, 7.7, 29.9, 0.4, 18]) {{
                 window.frames_cost = []; const sync = seek(secs); await pause(120);
                 costs.push(sync + Math.max(0, ...window.frames_cost.map(([, cost]) => cost)));
             }}
             return [quantile(costs, 0.5), Math.max(...costs)];"
        ))
        .await?;
    row(
        "seek in a run of 600,000 requests, median",
        &measured[0],
        "50 ms",
    );
    row(
        "seek in a run of 600,000 requests, worst of 10",
        &measured[1],
        "50 ms",
    );
    Ok(())
}

fn row(what: &str, value: &Value, budget: &str) {
    println!(
        "{what:<58} {:>7.1} ms  {budget:>10}",
        value.as_f64().unwrap_or(f64::NAN)
    );
}
