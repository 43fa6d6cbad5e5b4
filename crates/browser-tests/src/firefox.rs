//! A headless Firefox behind its own geckodriver, and how it is heard: what a page complains of goes to Firefox's output.

use std::path::Path;
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::json;
use thirtyfour::FirefoxCapabilities;
use thirtyfour::prelude::*;
use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::process::{Child, Command};

use crate::browser::Window;

/// The lines Firefox has printed and nobody has asked for yet.
#[derive(Clone, Default)]
pub(crate) struct Said(Arc<Mutex<Vec<String>>>);

/// Starts geckodriver on `port`; returns it with what its Firefox says.
pub(crate) fn start(geckodriver: &Path, port: u16) -> Result<(Child, Said)> {
    let mut child = Command::new(geckodriver)
        .arg(format!("--port={port}"))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .with_context(|| format!("cannot start {}", geckodriver.display()))?;
    let said = Said::default();
    said.listen(child.stdout.take());
    said.listen(child.stderr.take());
    Ok((child, said))
}

/// What Firefox is asked to be: without a window of its own, and telling what pages complain of.
pub(crate) fn capabilities(binary: &Path, window: Window) -> Result<FirefoxCapabilities> {
    let mut caps = DesiredCapabilities::firefox();
    let options = json!({
        "binary": binary,
        "args": ["-headless"],
        "prefs": {
            "devtools.console.stdout.content": true,
            "devtools.console.stdout.chrome": false,
            "browser.dom.window.dump.enabled": true,
            // Firefox's own errands, which fail without a network and say so where pages complain.
            "app.normandy.enabled": false,
            "browser.backup.enabled": false,
            "messaging-system.rsexperimentloader.enabled": false,
            "services.settings.server": "data:,#nothing",
            "ui.prefersReducedMotion": i32::from(window.reduced_motion),
        },
    });
    caps.set("moz:firefoxOptions", options)?;
    Ok(caps)
}

/// Gives the page the size of the window: what Firefox keeps for itself is asked of it. It makes none narrower than 500 px.
pub(crate) async fn resize(driver: &WebDriver, window: Window) -> Result<()> {
    for _ in 0..2 {
        let size = driver
            .execute(
                "return [outerWidth - innerWidth, outerHeight - innerHeight];",
                Vec::new(),
            )
            .await?;
        let [own_width, own_height]: [u32; 2] = serde_json::from_value(size.json().clone())?;
        driver
            .set_window_rect(0, 0, window.width + own_width, window.height + own_height)
            .await?;
    }
    Ok(())
}

impl Said {
    fn listen(&self, output: Option<impl AsyncRead + Unpin + Send + 'static>) {
        let Some(output) = output else { return };
        let said = self.clone();
        tokio::spawn(async move {
            let mut lines = BufReader::new(output).lines();
            while let Ok(Some(line)) = lines.next_line().await {
                said.lines(|lines| lines.push(line));
            }
        });
    }

    fn lines<T>(&self, work: impl FnOnce(&mut Vec<String>) -> T) -> T {
        // Nobody panics with the lines in hand; if somebody did, they are still lines.
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Errors and warnings of pages since the last call, up to a word that is said now.
    pub(crate) async fn complaints(&self, driver: &WebDriver) -> Result<Vec<String>> {
        const WORD: &str = "headroom: so far";
        driver
            .execute(format!("console.log('{WORD}');"), Vec::new())
            .await?;
        for _ in 0..200 {
            let complaints = self.lines(|lines| {
                let end = lines.iter().position(|line| line.contains(WORD))?;
                let mut before: Vec<String> = lines.drain(..=end).collect();
                before.retain(|line| is_complaint(line));
                Some(before)
            });
            if let Some(complaints) = complaints {
                return Ok(complaints);
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        bail!("Firefox says nothing of what pages print to the console")
    }
}

/// A page's own error or warning, not one of Firefox's own parts.
pub(crate) fn is_complaint(line: &str) -> bool {
    /// Parts that report here although they belong to no page: they ask for news from the network.
    const PARTS: [&str; 2] = ["RSLoader:", "BackupService:"];
    let [printed, thrown] = [
        ["console.error: ", "console.warn: "],
        ["JavaScript error: ", "JavaScript warning: "],
    ]
    .map(|kinds| kinds.iter().find_map(|kind| line.strip_prefix(kind)));
    printed.is_some_and(|rest| !PARTS.iter().any(|part| rest.starts_with(part)))
        || thrown.is_some_and(|from| !from.starts_with("resource:") && !from.starts_with("chrome:"))
}
