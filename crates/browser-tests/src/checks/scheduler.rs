//! §2.1, the scheduler: its predictions from beginning to end, who runs next, and files dropped on its last lab.

use anyhow::Result;
use thirtyfour::Key;

use super::learning::{every_prediction_is_answered, page};
use crate::World;
use crate::browser::{Tab, Window};

const SECTION: &str = "concurrency/scheduler.html";

/// Two tasks on two workers, as `scheduler trace` writes them.
const RECORDED: &str = r"# headroom-trace 1 program=scheduler runtime=tokio workers=2 workload=sleep tasks=1 left_out=0\n\
ns,event,task,worker,by\n1000000,spawn,0,,\n1000000,start,0,0,\n3000000,spawn,1,0,0\n5000000,end,0,0,\n\
5000000,start,1,0,\n6000000,end,1,0,\n6000000,done,1,,\n10000000,wake,0,,\n10000000,start,0,0,\n\
11000000,end,0,0,\n11000000,done,0,,\n";

pub(crate) async fn every_prediction_about_schedulers_can_be_made_by_keyboard_and_is_answered(
    world: &World,
) -> Result<()> {
    every_prediction_is_answered(world, SECTION, 4).await
}

pub(crate) async fn a_recorded_run_plays_beside_the_model_and_nothing_else_is_taken_for_one(
    world: &World,
) -> Result<()> {
    let tab = page(world, Window::WIDE, SECTION).await?;
    let body = format!(
        "const lab = document.getElementById('mix');
        lab.scrollIntoView();
        await lab.start();
        const part = selector => lab.shadowRoot.querySelector(selector);
        await until('the lab is alive', () => part('.hd-live .hd-now'));
        const give = text => lab.handle.load(new TextEncoder().encode(text));
        const said = give('{RECORDED}');
        if (!said.startsWith('Read 3 polls on 2 workers')) return said;
        await until('the run is as long as the recording', () => part('.hd-length').innerText.includes('12.1 ms'));
        if (!await lab.open({{ at: 0.0121 }})) return 'it cannot be opened at its end';
        for (const [wrong, begin] of [['ns,event\\n5', 'Line 1'], ['\\u0000\\u0001', 'This is not text'], ['{{}}', 'Line 1']]) {{
            let told = '';
            try {{ told = give(wrong); }} catch (error) {{ told = String(error); }}
            if (!told.includes(begin)) return `${{JSON.stringify(wrong)}}: ${{told}}`;
        }}
        const costs = give('{{\\n\"headroom_costs\": 1,\\n\"task_switch_ns\": 5000\\n}}');
        return costs.startsWith('Read what tasks and threads cost') || costs;"
    );
    tab.require("files on the playground", &body).await?;
    tab.close().await
}

/// Page scripts that read the question who runs next, and its lab.
const NEXT: &str = r"
const next = document.querySelector('hd-next');
const lab = document.getElementById(next.getAttribute('for'));
const part = selector => lab.shadowRoot.querySelector(selector);
const said = () => next.querySelector('.hd-said').innerText.trim();
const named = label => [...next.querySelectorAll('button')].find(button => button.innerText.trim() === label);
const says = begin => until(`it says ${begin}, not ${said()}`, () => said().startsWith(begin));
const inField = () => document.activeElement === next.querySelector('.hd-number') || 'the focus has left the field';
";

impl Tab {
    async fn next(&self, what: &str, body: &str) -> Result<()> {
        self.require(what, &format!("{NEXT} {body}")).await
    }

    /// Puts keys into the field, then Enter; what is said begins so, and the focus stays.
    async fn guess(&self, keys: &str, said: &str) -> Result<()> {
        self.press(format!("{keys}{}", Key::Enter.value())).await?;
        let body = format!("await says(`{said}`); return inField();");
        self.next(keys, &body).await
    }
}

/// It waits together with its lab; then its button has the focus.
const BEFORE: &str = "
    next.scrollIntoView({ block: 'center' });
    await says('First commit to a prediction');
    if (!named('Begin').disabled) return 'it begins while the lab waits';
    lab.unlock();
    await says('The lab will stand');
    named('Begin').focus();
    return true;";

/// The lab stands before its first decision, its figure beside the question, and nothing tells the answer.
const ASKED: &str = "
    await says('Last in the log: task 0 waits for all others.');
    await until('the lab stands there', () => part('tr.hd-last')?.innerText.includes('task 0 waits'));
    if (/runs on/.test(next.innerText)) return 'the answer is there to be read';
    await still(() => [scrollY, next.getBoundingClientRect().top]);
    const [card, figure] = [next, part('canvas')].map(it => it.getBoundingClientRect());
    if (card.bottom > innerHeight || figure.top < 0 || figure.top + 100 > card.top) return 'the figure is not beside the question';
    return inField();";

pub(crate) async fn who_runs_next_is_guessed_by_keyboard_and_the_log_says_the_rule(
    world: &World,
) -> Result<()> {
    for window in [Window::WIDE, Window::PHONE] {
        let tab = page(world, window, SECTION).await?;
        tab.next("before it begins", BEFORE).await?;
        tab.press(Key::Enter).await?;
        tab.next("the first question", ASKED).await?;
        tab.guess("", "Put in a number").await?;
        let slot = "Task 10 runs on worker 0: it was readied last, and the slot goes first.";
        let queue = "Task 1 runs on worker 0: it is the head of the worker's own queue.";
        tab.guess("3", &format!("Not 3. {slot}")).await?;
        let there = "
            await until('the lab goes on to it', () => part('tr.hd-last')?.innerText.includes('task 10 runs on'));
            if (!next.innerText.includes('0 of 1 right')) return next.innerText;
            named('Start again').focus();
            return true;";
        tab.next("wrong", there).await?;
        tab.guess("", "Last in the log: task 0 waits for all others.")
            .await?;
        tab.guess("10", &format!("Right. {slot}")).await?;
        tab.guess("1", &format!("Right. {queue}")).await?;
        let counted = "return next.innerText.includes('2 of 2 right') || next.innerText;";
        tab.next("right", counted).await?;
        tab.close().await?;
    }
    Ok(())
}

pub(crate) async fn who_runs_next_follows_what_the_reader_turns_and_hides_what_is_ahead(
    world: &World,
) -> Result<()> {
    let tab = page(world, Window::WIDE, SECTION).await?;
    let body = "
        lab.unlock();
        await says('The lab will stand');
        named('Begin').click();
        await says('Last in the log');
        const unknown = async begin => { named('I don\\'t know').click(); await says(begin); };
        const turn = async (name, nth) => {
            const choice = [...lab.shadowRoot.querySelectorAll('select')].find(it => it.textContent.includes(name));
            choice.selectedIndex = nth;
            choice.dispatchEvent(new Event('change', { bubbles: true }));
            await says('You have turned the lab.');
            named('Start again').click();
            await says('Last in the log: task 0 waits for all others.');
        };
        await turn('tokio', 1);
        await unknown('Task 10 runs on worker 0: it was woken last, and the LIFO slot goes first.');
        await turn('tokio', 2);
        await unknown('Task 1 runs on worker 0: it is the head');
        await lab.open({ at: 0.000001, knobs: 'tasks=3' });
        await says('You have turned the lab. Last in the log: task 0 waits');
        await until('the log has room for what is ahead', () => part('tr.hd-future'));
        const ahead = [...lab.shadowRoot.querySelectorAll('tr.hd-future td')];
        if (!ahead.length || ahead.some(it => it.checkVisibility({ visibilityProperty: true }))) return 'the log shows what is ahead';
        await unknown('Task 3 runs on worker 0: it was readied last');
        for (const task of [1, 2]) await unknown(`Task ${task} runs`);
        await unknown('Task 0 runs');
        if (!said().endsWith('the last decision of this run.')) return said();
        await unknown('That was the last decision');
        named('Stop').click();
        await says('The lab will stand');
        if (lab.hasAttribute('data-asks') || next.matches('.hd-asking')) return 'it still asks';
        return document.activeElement === named('Begin') || 'the focus is lost';";
    tab.next("turned", body).await?;
    tab.close().await
}
