//! §2.1, the scheduler: its predictions from beginning to end, and files dropped on its last lab.

use anyhow::Result;

use super::learning::{every_prediction_is_answered, page};
use crate::World;
use crate::browser::Window;

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
