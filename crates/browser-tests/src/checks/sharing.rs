//! What goes out of a lab and comes into it: links, commands, files, data, and the code behind a decision.

use core::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::Value;
use thirtyfour::Key;

use crate::World;
use crate::browser::{Tab, Window};

const SECTION: &str = "scalability/rate-limiting.html";

/// Page scripts that turn a lab and read what it offers to the outside.
const READ: &str = r#"
const first = () => document.querySelector('hd-lab');
const part = selector => first().shadowRoot.querySelector(selector);
const awake = () => until('the lab is alive', () => first()?.shadowRoot && part('.hd-live .hd-now')?.textContent && first().handle);
const seek = async secs => {
    const slider = part('.hd-time');
    slider.value = secs;
    slider.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
    await still(() => part('.hd-now').textContent + part('.hd-log tbody').innerText);
};
const unfold = async () => {
    if (!part('.hd-outside').open) part('.hd-outside summary').click();
    await until('it is filled', () => part('.hd-shown')?.value);
};
const offers = () => [...part('.hd-outside').querySelectorAll('.hd-shown')].map(field => field.value);
const click = word => [...first().shadowRoot.querySelectorAll('button')].find(button => button.textContent.trim() === word).click();
const state = () => [part('.hd-title').textContent, part('.hd-now').textContent, part('.hd-seed').textContent,
    part('.hd-log tbody').innerText, part('.hd-counters').innerText, first().handle.text('hash')].join('\n');
first().scrollIntoView({ block: 'start' });
await awake();
await unlocked(first());
"#;

async fn open(world: &World, page: &str) -> Result<Tab> {
    let tab = world.driver.open(Window::WIDE).await?;
    tab.goto(&format!("{}{page}", world.site.url)).await?;
    Ok(tab)
}

async fn run(tab: &Tab, body: &str) -> Result<Value> {
    tab.run(&format!("{READ} {body}")).await
}

async fn require(tab: &Tab, what: &str, body: &str) -> Result<()> {
    tab.require(what, &format!("{READ} {body}")).await
}

fn text(value: &Value) -> Result<&str> {
    value.as_str().context("the page gave no text")
}

pub(crate) async fn a_link_opens_the_same_moment_settings_and_actions(world: &World) -> Result<()> {
    let tab = open(world, SECTION).await?;
    let made = run(
        &tab,
        "click('another seed'); await pause(250); click('Pause'); await seek(3.25);
         part('.hd-action').click();
         const knob = part('.hd-range'); knob.focus(); knob.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowLeft', bubbles: true, composed: true }));
         await seek(4.5); await unfold();
         return [offers()[0], state()];",
    )
    .await?;
    let (link, shown) = (text(&made[0])?, text(&made[1])?);
    if !link.starts_with(&format!("{}simulator/", world.site.url)) {
        bail!("the link leads to {link}");
    }
    let other = open(world, "preface.html").await?;
    other.goto(link).await?;
    let opened = run(&other, "return [state(), part('.hd-why').innerText];").await?;
    if text(&opened[0])? != shown {
        bail!("the link shows {opened}, not {shown}");
    }
    if !text(&opened[1])?.starts_with("Pick a mark") {
        bail!("the link complains: {}", opened[1]);
    }
    // What the reader makes of it outlives a reload, and the link itself starts afresh.
    run(&other, "await seek(9); return 0;").await?;
    other.driver.refresh().await?;
    let back = run(&other, "return part('.hd-now').textContent;").await?;
    if text(&back)? != "9.00 s" {
        bail!("after a reload the lab stands at {back}");
    }
    other.goto("about:blank").await?;
    other.goto(link).await?;
    let again = run(&other, "return state();").await?;
    if text(&again)? != shown {
        bail!("followed again, the link shows {again}, not {shown}");
    }
    other.close().await?;
    tab.close().await
}

pub(crate) async fn a_bad_link_shows_one_sentence_and_the_page_as_it_is(
    world: &World,
) -> Result<()> {
    let tab = open(world, "simulator/index.html").await?;
    let plain = run(&tab, "return state();").await?;
    let huge = "A".repeat(100_000);
    for (link, says) in [
        ("", "damaged"),
        ("%00%ff", "damaged"),
        ("AAAA", "damaged"),
        (&huge, "longer than 8 KB"),
    ] {
        // Followed from the page itself, where only the part behind # changes.
        let body = format!(
            "location.hash = '#lab={link}'; await pause(300); await awake(); await still(state);
             return [state(), part('.hd-why').innerText];"
        );
        let shown = run(&tab, &body).await?;
        if !text(&shown[1])?.contains(says) || shown[0] != plain {
            bail!("{} letters: {shown}", link.len());
        }
    }
    if let [complaint, ..] = &tab.complaints().await?[..] {
        bail!("{complaint}");
    }
    tab.close().await
}

pub(crate) async fn the_files_and_the_native_command_tell_the_same_run(
    world: &World,
) -> Result<()> {
    let tab = open(world, SECTION).await?;
    // The files as they are handed to the browser.
    let body = "
        await seek(4.5);
        part('.hd-action').click();
        await unfold();
        await until('the action is told', () => offers()[1].includes('--act'));
        const files = [], make = URL.createObjectURL;
        URL.createObjectURL = blob => { files.push(blob); return make.call(URL, blob); };
        HTMLAnchorElement.prototype.click = function () { files.push(this.download); };
        for (const word of ['log as CSV', 'figure as SVG', 'figure as PNG']) { const so = files.length; click(word); await until(word, () => files.length === so + 2); }
        const picture = await createImageBitmap(files[4]);
        return { command: offers()[1], hash: part('.hd-hash code').textContent, csv: await files[0].text(), svg: await files[2].text(),
            names: [files[1], files[3], files[5]], wide: picture.width / part('canvas').clientWidth };";
    let made = run(&tab, body).await?;
    if text(&made["command"])?
        != "cargo run -p lab -- run one-bucket --seed 7 --act burst@4.5 --until 4.5"
    {
        bail!("the command is {}", made["command"]);
    }
    let mut native = labs::find("one-bucket").context("a lab")?.open(7);
    native.advance(Duration::from_millis(4_500));
    native.act(0);
    let hash = format!("{:016x}", native.hash_here());
    if made["hash"] != hash.as_str() || made["csv"] != labs::csv(&*native).as_str() {
        bail!("natively {hash}, in the page {}", made["hash"]);
    }
    let svg = text(&made["svg"])?;
    if !svg.starts_with("<svg xmlns=") || svg.contains("var(") || !svg.ends_with("</svg>") {
        bail!("the SVG is {} …", &svg[..200.min(svg.len())]);
    }
    let names = serde_json::json!([
        "one-bucket-seed-7-at-4.5s.csv",
        "one-bucket-seed-7-at-4.5s.svg",
        "one-bucket-seed-7-at-4.5s.png"
    ]);
    if made["names"] != names || made["wide"] != 2 {
        bail!("{} at {} times", made["names"], made["wide"]);
    }
    tab.close().await
}

pub(crate) async fn the_code_that_decided_is_fetched_when_it_is_unfolded(
    world: &World,
) -> Result<()> {
    let tab = open(world, SECTION).await?;
    run(&tab, "await seek(4.5); part('.hd-log tbody tr:last-child button').click(); await until('an answer', () => part('.hd-source')); return 0;").await?;
    if tab
        .requests()
        .await?
        .iter()
        .any(|url| url.contains("sources.json"))
    {
        bail!("the sources were fetched before anybody asked for them");
    }
    require(
        &tab,
        "unfolded",
        "const height = part('.hd-why').offsetHeight;
         part('.hd-source summary').click();
         const code = await until('the code is there', () => part('.hd-source pre')?.textContent).catch(() => part('.hd-why').outerHTML);
         if (!code.includes('fn take(')) return code;
         if (part('.hd-why').offsetHeight <= height) return 'the code has no room';
         // Another question, another code: the old text does not stay.
         part('.hd-outside summary').click();
         click('close'); await until('the code is gone', () => !part('.hd-source')); await frames();
         return part('.hd-why').offsetHeight === height || 'the code stays';",
    )
    .await?;
    if !tab
        .requests()
        .await?
        .iter()
        .any(|url| url.contains("sources.json"))
    {
        bail!("the sources came from nowhere");
    }
    tab.close().await
}

pub(crate) async fn what_is_unfolded_works_by_keyboard_and_axe_finds_nothing(
    world: &World,
) -> Result<()> {
    let axe = world.axe.as_deref().context("axe-core was not given")?;
    for window in [Window::WIDE, Window::PHONE] {
        let tab = world.driver.open(window).await?;
        tab.goto(&format!("{}{SECTION}", world.site.url)).await?;
        run(&tab, "await seek(4.5); part('.hd-log tbody tr:last-child button').click(); await until('an answer', () => part('.hd-source'));
                   first().handle.takes = () => 'seconds, one a line'; part('.hd-source summary').focus(); return 0;").await?;
        tab.press(Key::Enter).await?;
        run(&tab, "await until('the code', () => part('.hd-source pre')); part('.hd-outside summary').focus(); return 0;").await?;
        tab.press(Key::Enter).await?;
        run(
            &tab,
            "await until('it is filled', () => part('.hd-shown')?.value); return 0;",
        )
        .await?;
        tab.press(Key::Tab).await?;
        require(
            &tab,
            "the first field has the focus",
            "return first().shadowRoot.activeElement === part('.hd-shown') || first().shadowRoot.activeElement?.outerHTML;",
        )
        .await?;
        // A key in a field is the field's: nothing plays, nothing steps, no page turns.
        run(&tab, "part('.hd-outside textarea').focus(); window.was = [part('.hd-now').textContent, location.href].join(); return 0;").await?;
        tab.press(" [1").await?;
        tab.press(Key::Left).await?;
        require(
            &tab,
            "the keys",
            "await pause(200);
             if (part('.hd-outside textarea').value !== ' [1') return part('.hd-outside textarea').value;
             if (part('.hd-play').textContent !== 'Play') return 'it plays';
             return [part('.hd-now').textContent, location.href].join() === window.was || 'the lab moved';",
        )
        .await?;
        run(&tab, "part('.hd-outside button').focus(); return 0;").await?;
        tab.press(Key::Enter).await?;
        require(
            &tab,
            "the link is copied or selected",
            "const said = await until('it says so', () => part('.hd-said').textContent);
             if (document.documentElement.scrollWidth > innerWidth) return 'the page scrolls sideways';
             return said.startsWith('The link is ') || said;",
        )
        .await?;
        axe_finds_nothing(&tab, axe).await?;
        tab.close().await?;
    }
    Ok(())
}

async fn axe_finds_nothing(tab: &Tab, axe: &str) -> Result<()> {
    tab.driver.execute(axe, Vec::new()).await?;
    let found = tab
        .run("return (await axe.run(document, { resultTypes: ['violations'] })).violations.map(rule => rule.id + ': ' + rule.nodes[0].target.flat().join(' '));")
        .await?;
    if found.as_array().is_none_or(|found| !found.is_empty()) {
        bail!("axe finds {found}");
    }
    Ok(())
}

pub(crate) async fn data_of_the_readers_own_is_taken_or_refused_in_a_sentence(
    world: &World,
) -> Result<()> {
    let tab = open(world, SECTION).await?;
    // No lab of this page takes data: what the page hands over is looked at here, what a lab makes of it by the shell's own tests.
    require(
        &tab,
        "files, drops and pasted text",
        "const { handle } = first();
         const before = state();
         if (handle.takes() !== undefined) return 'it takes ' + handle.takes();
         const got = [];
         handle.takes = () => 'seconds, one a line';
         handle.load = bytes => {
             got.push(bytes.length);
             if (bytes.length > handle.data_limit()) throw 'too much';
             return bytes.length + ' bytes';
         };
         await unfold();
         const said = () => part('.hd-said').textContent;
         part('.hd-outside textarea').value = '1\\n2\\n';
         click('Use pasted');
         await until('pasted', () => said() === '4 bytes');
         const drop = async file => {
             const data = new DataTransfer();
             data.items.add(file);
             const event = name => new DragEvent(name, { dataTransfer: data, bubbles: true, composed: true, cancelable: true });
             part('.hd-card').dispatchEvent(event('dragover'));
             if (!part('.hd-drop')) throw new Error('no target is shown');
             const dropped = event('drop');
             part('.hd-card').dispatchEvent(dropped);
             if (!dropped.defaultPrevented || part('.hd-drop')) throw new Error('the page leaves for the file');
         };
         await drop(new File(['12345'], 'arrivals.csv'));
         await until('dropped', () => said() === '5 bytes');
         await drop(new File([new Uint8Array(30_000_000)], 'huge.csv'));
         await until('refused', () => said() === 'too much');
         if (got[2] !== 10_000_001) return got[2] + ' bytes were read';
         return state() === before || 'the lab changed';",
    )
    .await?;
    tab.close().await
}
