//! A headless browser behind its own driver, and what the tests need of it: Chromium, or Firefox for what needs no DevTools.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use thirtyfour::common::log::LoggingPrefsLogLevel;
use thirtyfour::prelude::*;
use thirtyfour::{Capabilities, ChromeCapabilities, ChromiumLikeCapabilities};
use tokio::process::{Child, Command};

use crate::firefox::{self, Said};

/// Chromium as root, quiet, and without any errand of its own.
const FLAGS: &[&str] = &[
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-color-profile=srgb",
];

/// A script of a check may take so long; it gives up by itself long before.
const SCRIPT_LIMIT: Duration = Duration::from_secs(240);

/// What windows are opened by.
pub(crate) struct Driver {
    browser: PathBuf,
    by: By,
}

enum By {
    /// A running chromedriver, on this port.
    Chromedriver { port: u16, _child: Child },
    /// A geckodriver for each window: one has room for only one.
    Geckodriver(PathBuf),
}

/// How a window is set up.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Window {
    /// Width in CSS pixels.
    pub(crate) width: u32,
    /// Height in CSS pixels.
    pub(crate) height: u32,
    /// The reader has asked for less motion.
    pub(crate) reduced_motion: bool,
    /// Scripts run.
    pub(crate) scripts: bool,
}

impl Window {
    /// A laptop.
    pub(crate) const WIDE: Self = Self {
        width: 1280,
        height: 900,
        reduced_motion: false,
        scripts: true,
    };
    /// A phone.
    pub(crate) const PHONE: Self = Self {
        width: 390,
        height: 844,
        reduced_motion: false,
        scripts: true,
    };
}

/// An open window.
pub(crate) struct Tab {
    /// The WebDriver session.
    pub(crate) driver: WebDriver,
    /// Firefox's own driver, and what Firefox says; `None` for Chromium.
    firefox: Option<(Child, Said)>,
    profile: PathBuf,
}

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

fn find(names: &[&str]) -> Result<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    names
        .iter()
        .flat_map(|name| std::env::split_paths(&path).map(move |dir| dir.join(name)))
        .find(|candidate| candidate.is_file())
        .with_context(|| {
            format!(
                "{} is not on PATH; Debian's packages are chromium, chromium-driver and firefox-esr",
                names[0]
            )
        })
}

impl Driver {
    /// Starts chromedriver on a free port.
    pub(crate) async fn start() -> Result<Self> {
        let chromium = find(&["chromium", "chromium-browser", "google-chrome"])?;
        let port = free_port()?;
        let child = Command::new(find(&["chromedriver"])?)
            .arg(format!("--port={port}"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .context("cannot start chromedriver")?;
        Ok(Self {
            browser: chromium,
            by: By::Chromedriver {
                port,
                _child: child,
            },
        })
    }

    /// Opens windows of Firefox by this geckodriver.
    pub(crate) fn firefox(geckodriver: &Path) -> Result<Self> {
        Ok(Self {
            browser: find(&["firefox-esr", "firefox"])?,
            by: By::Geckodriver(geckodriver.to_owned()),
        })
    }

    /// Opens a window with a profile of its own.
    pub(crate) async fn open(&self, window: Window) -> Result<Tab> {
        static PROFILES: AtomicU32 = AtomicU32::new(0);
        let number = PROFILES.fetch_add(1, Ordering::Relaxed);
        let profile =
            std::env::temp_dir().join(format!("headroom-browser-{}-{number}", std::process::id()));
        let (port, firefox, caps): (u16, _, Capabilities) = match &self.by {
            By::Chromedriver { port, .. } => (*port, None, self.chromium(window, &profile)?.into()),
            By::Geckodriver(geckodriver) => {
                let port = free_port()?;
                let started = firefox::start(geckodriver, port)?;
                let caps = firefox::capabilities(&self.browser, window)?;
                (port, Some(started), caps.into())
            }
        };
        let driver = self.connect(port, caps).await?;
        driver.set_script_timeout(SCRIPT_LIMIT).await?;
        let tab = Tab {
            driver,
            firefox,
            profile,
        };
        tab.prepared(window).await
    }

    async fn connect(&self, port: u16, caps: Capabilities) -> Result<WebDriver> {
        let url = format!("http://127.0.0.1:{port}");
        let mut last = None;
        // The driver needs a moment before it listens.
        for _ in 0..50 {
            match WebDriver::new(&url, caps.clone()).await {
                Ok(driver) => return Ok(driver),
                Err(error) => last = Some(error),
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        bail!(
            "cannot open {}: {}",
            self.browser.display(),
            last.map_or_else(String::new, |error| error.to_string())
        )
    }

    fn chromium(&self, window: Window, profile: &Path) -> Result<ChromeCapabilities> {
        let mut caps = DesiredCapabilities::chrome();
        caps.set_binary(&self.browser.to_string_lossy())?;
        for flag in FLAGS {
            caps.add_arg(flag)?;
        }
        caps.add_arg(&format!("--user-data-dir={}", profile.display()))?;
        caps.add_arg(&format!("--window-size={},{}", window.width, window.height))?;
        caps.set_browser_log_level(LoggingPrefsLogLevel::All)?;
        caps.set_logging_prefs("performance", LoggingPrefsLogLevel::All)?;
        if !window.scripts {
            caps.add_experimental_option(
                "prefs",
                json!({ "profile.managed_default_content_settings.javascript": 2 }),
            )?;
        }
        Ok(caps)
    }
}

impl Tab {
    async fn prepared(self, window: Window) -> Result<Self> {
        if self.firefox.is_some() {
            firefox::resize(&self.driver, window).await?;
            return Ok(self);
        }
        let metrics = json!({
            "width": window.width, "height": window.height, "deviceScaleFactor": 1, "mobile": window.width < 600,
        });
        self.cdp("Emulation.setDeviceMetricsOverride", metrics)
            .await?;
        let motion = if window.reduced_motion {
            "reduce"
        } else {
            "no-preference"
        };
        let features =
            json!({ "features": [{ "name": "prefers-reduced-motion", "value": motion }] });
        self.cdp("Emulation.setEmulatedMedia", features).await?;
        Ok(self)
    }

    /// Sends one command of the DevTools protocol.
    pub(crate) async fn cdp(&self, method: &str, params: Value) -> Result<Value> {
        self.driver
            .cdp()
            .send_raw(method, params)
            .await
            .with_context(|| method.to_owned())
    }

    /// Runs `script` as the body of an async function in the page and returns what it returns.
    pub(crate) async fn run(&self, script: &str) -> Result<Value> {
        let wrapped = format!(
            "const done = arguments[arguments.length - 1];
             {PRELUDE}
             (async () => {{ {script} }})().then(value => done({{ value }}), error => done({{ error: String(error) }}));"
        );
        let answer = self
            .driver
            .execute_async(wrapped, Vec::new())
            .await?
            .json()
            .clone();
        if let Some(error) = answer.get("error").and_then(Value::as_str) {
            bail!("in the page: {error}");
        }
        Ok(answer.get("value").cloned().unwrap_or(Value::Null))
    }

    /// Runs `script` and requires that it returns `true`; anything else is the reason of failure.
    pub(crate) async fn require(&self, what: &str, script: &str) -> Result<()> {
        match self.run(script).await.with_context(|| what.to_owned())? {
            Value::Bool(true) => Ok(()),
            other => bail!("{what}: {other}"),
        }
    }

    /// Presses keys, one after the other, on whatever has the focus.
    pub(crate) async fn press(&self, keys: impl Into<thirtyfour::TypingData>) -> Result<()> {
        self.driver.action_chain().send_keys(keys).perform().await?;
        Ok(())
    }

    /// Opens an address and waits until the document has loaded.
    pub(crate) async fn goto(&self, url: &str) -> Result<()> {
        self.driver.goto(url).await.with_context(|| url.to_owned())
    }

    /// Console errors and uncaught exceptions since the last call.
    pub(crate) async fn complaints(&self) -> Result<Vec<String>> {
        if let Some((_, said)) = &self.firefox {
            return said.complaints(&self.driver).await;
        }
        let entries = self.driver.get_log("browser").await?;
        Ok(entries
            .into_iter()
            .filter(|entry| entry.level == "SEVERE" || entry.level == "WARNING")
            .map(|entry| entry.message)
            .collect())
    }

    /// Addresses requested over the network since the last call; in Firefox, by the page that is open.
    pub(crate) async fn requests(&self) -> Result<Vec<String>> {
        if self.firefox.is_some() {
            let script = "return [location.href, ...performance.getEntriesByType('resource').map(entry => entry.name)];";
            return Ok(serde_json::from_value(self.run(script).await?)?);
        }
        let mut urls = Vec::new();
        for entry in self.driver.get_log("performance").await? {
            let message: Value = serde_json::from_str(&entry.message)?;
            let message = &message["message"];
            if message["method"] == "Network.requestWillBeSent"
                && let Some(url) = message["params"]["request"]["url"].as_str()
            {
                urls.push(url.to_owned());
            }
        }
        Ok(urls)
    }

    /// Closes the window and forgets its profile.
    pub(crate) async fn close(self) -> Result<()> {
        self.driver.quit().await?;
        let _ = std::fs::remove_dir_all(&self.profile);
        Ok(())
    }
}

/// Small words the page scripts of the tests are written in.
const PRELUDE: &str = r#"
const pause = ms => new Promise(next => setTimeout(next, ms));
const until = async (what, test, ms = 10000) => {
    const end = performance.now() + ms;
    for (;;) {
        const value = test();
        if (value) return value;
        if (performance.now() > end) throw new Error('never happened: ' + what);
        await pause(20);
    }
};
// Frames the browser has painted: what was asked for before them has been carried out and drawn.
const frames = async (count = 2) => { while (count--) await new Promise(requestAnimationFrame); };
// What `look` returns once it is the same in two looks a while apart, however long a busy machine takes to draw it.
const still = async (look, ms = 10000) => {
    const end = performance.now() + ms;
    await frames();
    let last = JSON.stringify(look());
    for (;;) {
        await pause(120);
        await frames();
        const here = look(), text = JSON.stringify(here);
        if (text === last) return here;
        if (performance.now() > end) throw new Error('never came to rest');
        last = text;
    }
};
const host = id => document.querySelector(`hd-lab[lab="${id}"]`);
const inside = (id, selector) => host(id).shadowRoot.querySelector(selector);
// Whether a lab waits for a prediction is looked at where predictions are.
const unlocked = async lab => {
    lab.unlock?.();
    await until('the lab opens', () => !lab.shadowRoot.querySelector('.hd-lock'));
};
const alive = async id => {
    // A lab that another page shows comes after the first of this one.
    if (!host(id)) {
        const lab = document.createElement('hd-lab');
        lab.setAttribute('lab', id);
        document.querySelector('hd-lab').after(lab);
    }
    host(id).scrollIntoView({ block: 'center' });
    await until(id + ' comes alive', () => host(id)?.shadowRoot && inside(id, '.hd-live canvas')
        && inside(id, '.hd-now').textContent);
    await unlocked(host(id));
};
"#;
