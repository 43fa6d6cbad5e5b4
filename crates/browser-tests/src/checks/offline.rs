//! The site as a folder: opened from disk, without a server.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::World;
use crate::browser::{Tab, Window};

/// Plays the first lab of the page and unfolds the code behind a decision.
const PLAY: &str = "
    if (headroom.offline !== true) return 'headroom.offline is ' + headroom.offline;
    const id = document.querySelector('hd-lab').getAttribute('lab');
    await alive(id);
    const time = () => parseFloat(inside(id, '.hd-now').textContent);
    const button = word => [...host(id).shadowRoot.querySelectorAll('button')].find(button => button.innerText.trim() === word);
    const before = await until('a time', () => Number.isFinite(time()) && { time: time() });
    button('Play').click();
    await until('time passes', () => time() > before.time + 0.5);
    button('Pause').click();
    if (!Object.values(headroom.sources).every(source => source.line > 0 && source.text)) return 'a source is empty';
    return [...document.fonts].some(font => font.status === 'loaded') || 'no font was loaded';";

/// What the page's policy does to a request by each way there is; `.invalid` is no host, should it let one go.
const REFUSED: &str = "
    const refused = new Set();
    document.addEventListener('securitypolicyviolation', event => refused.add(event.effectiveDirective));
    const away = 'https://statistics.invalid/count';
    fetch(away).catch(() => {});
    new Image().src = away;
    for (const [tag, name] of [['script', 'src'], ['iframe', 'src'], ['link', 'href']])
        document.head.append(Object.assign(document.createElement(tag), { rel: 'stylesheet', [name]: away }));
    const all = ['connect-src', 'img-src', 'script-src-elem', 'frame-src', 'style-src-elem'];
    await pause(500);
    if (!all.every(kind => refused.has(kind))) return 'refuses only ' + [...refused];
    return true;";

/// The folder's address, with a slash at the end.
fn address(folder: &Path) -> Result<String> {
    let folder = folder.canonicalize().with_context(|| {
        format!(
            "{} holds no book; run `cargo xtask build --offline` first",
            folder.display()
        )
    })?;
    let mut url = "file://".to_owned();
    for byte in folder.to_string_lossy().bytes() {
        match byte {
            b'/' | b'-' | b'.' | b'_' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => {
                url.push(byte.into());
            }
            _ => write!(url, "%{byte:02X}")?,
        }
    }
    Ok(url + "/")
}

pub(crate) async fn a_book_opened_from_disk_plays_and_asks_nobody(world: &World) -> Result<()> {
    let root = address(&world.offline)?;
    let tab = world.driver.open(Window::WIDE).await?;
    for page in [
        "index.html",
        "scalability/rate-limiting.html",
        "simulator/index.html",
    ] {
        tab.goto(&format!("{root}{page}")).await?;
        tab.require(page, PLAY).await?;
        quiet(&tab, page).await?;
    }
    same_logs(&tab).await?;
    judges(&tab, &root).await?;
    searches(&tab).await?;
    let requests = tab.requests().await?;
    if let Some(url) = requests.iter().find(|url| url.starts_with("http")) {
        bail!("searching asks {url}");
    }
    tab.require("the policy", REFUSED).await?;
    tab.close().await
}

/// Nothing in the console, and no request but for files.
async fn quiet(tab: &Tab, page: &str) -> Result<()> {
    let complaints = tab.complaints().await?;
    if !complaints.is_empty() {
        bail!("{page}: {complaints:?}");
    }
    let requests = tab.requests().await?;
    // Chromium's own first page is under chrome:.
    let harmless = ["file:", "data:", "chrome:"];
    let strangers: Vec<&String> = (requests.iter())
        .filter(|url| !harmless.iter().any(|scheme| url.starts_with(scheme)))
        .collect();
    if !strangers.is_empty() {
        bail!("{page} asks {strangers:?}");
    }
    // Else nothing was listened to.
    if !requests.iter().any(|url| url.ends_with(page)) {
        bail!("{page} itself was not among the requests {requests:?}");
    }
    Ok(())
}

/// The module from the script decides as the native one.
async fn same_logs(tab: &Tab) -> Result<()> {
    for entry in labs::ALL {
        let native = format!("{:016x}", entry.open(1).finish());
        let page = tab
            .run(&format!(
                "return (await headroom.module()).log_hash('{}', '1');",
                entry.id
            ))
            .await?;
        if page.as_str() != Some(&native) {
            bail!("{}: {native} natively, {page} from disk", entry.id);
        }
    }
    Ok(())
}

/// A judgement on the page itself, where no worker can start; it can be stopped and begun again.
async fn judges(tab: &Tab, root: &str) -> Result<()> {
    tab.goto(&format!("{root}scalability/rate-limiting.html"))
        .await?;
    tab.require(
        "the challenge",
        "const challenge = document.querySelector('hd-challenge');
         const press = word => [...challenge.querySelectorAll('button')].find(button => button.textContent.startsWith(word)).click();
         const said = () => challenge.querySelector('.hd-said').textContent;
         press('Judge 100 runs');
         await until('some runs', () => challenge.querySelector('progress').value > 2);
         press('Cancel');
         await until('it stops', () => said() === 'Stopped; nothing was judged.');
         const judged = challenge.querySelector('progress').value;
         await pause(300);
         if (judged >= 100 || challenge.querySelector('progress').value !== judged) return 'it goes on';
         press('Judge 100 runs');
         await until('a verdict', () => said().includes(' of 100 runs reached every goal'));
         return true;",
    )
    .await
}

async fn searches(tab: &Tab) -> Result<()> {
    tab.require(
        "search",
        "document.getElementById('mdbook-search-toggle').click();
         const box = document.getElementById('mdbook-searchbar');
         await until('the search is there', () => !box.disabled && box.offsetParent);
         box.value = 'bucket';
         box.dispatchEvent(new KeyboardEvent('keyup', { key: 't', bubbles: true }));
         await until('something is found', () => document.querySelector('#mdbook-searchresults li a'));
         return true;",
    )
    .await?;
    let complaints = tab.complaints().await?;
    if complaints.is_empty() {
        Ok(())
    } else {
        bail!("searching: {complaints:?}")
    }
}
