//! Static figures: the same bytes for the same moment, the page's colours, a text alternative.

use clock::Instant;
use labs::{AnyRun, Run};

use super::fake::Gallery;
use crate::{Palette, chart_svg, figure_svg, figure_with, scene_svg};

fn gallery(millis: u64) -> Run<Gallery> {
    let mut run = Run::<Gallery>::new((), 1);
    AnyRun::seek(&mut run, Instant::from_millis(millis));
    run
}

#[test]
fn the_same_moment_gives_the_same_bytes() {
    let there_and_back = {
        let mut run = gallery(30_000);
        run.reseed(1);
        AnyRun::seek(&mut run, Instant::from_millis(17_400));
        run
    };
    assert_eq!(
        figure_svg(&gallery(17_400), 750.0),
        figure_svg(&there_and_back, 750.0)
    );
    assert_ne!(
        figure_svg(&gallery(17_400), 750.0),
        figure_svg(&gallery(17_500), 750.0)
    );
}

#[test]
fn a_themed_figure_has_no_colours_of_its_own() {
    let svg = figure_svg(&gallery(17_400), 350.0);
    assert!(!svg.contains('#'), "a raw colour is left");
    for name in [
        "--hd-surface",
        "--hd-ink",
        "--hd-served",
        "--hd-rejected-text",
    ] {
        assert!(svg.contains(&format!("\"var({name})\"")), "{name}");
    }
    assert!(figure_with(&gallery(17_400), 350.0, &Palette::LIGHT).contains("#00926a"));
}

#[test]
fn a_figure_can_stand_in_a_page_and_be_read_out() {
    let run = gallery(17_400);
    let parts = [
        figure_svg(&run, 750.0),
        scene_svg(&run, 350.0),
        chart_svg(&run, 1, 350.0, 120.0).expect("two charts"),
    ];
    for svg in &parts {
        assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>"));
        assert!(
            !svg.contains("\n\n") && !svg.contains(" id="),
            "Markdown would end the HTML at a blank line"
        );
        assert!(svg.contains("role=\"img\""));
        assert_eq!(svg.matches("<g ").count(), svg.matches("</g>").count());
    }
    assert!(parts[0].contains("<title>All marks &lt;&amp; colours&gt;</title>"));
    assert!(parts[0].contains("<desc>At 17.400 s: 1 &lt; 2 &amp; all is well.</desc>"));
    assert!(parts[2].contains("<title>Tokens in the bucket</title>"));
    assert_eq!(chart_svg(&run, 2, 350.0, 120.0), None);
}

#[test]
fn coordinates_are_css_pixels_with_few_decimals() {
    let svg = figure_svg(&gallery(17_400), 750.0);
    assert!(svg.contains("viewBox=\"0 0 750 "));
    let drawn = svg
        .split("</desc>")
        .nth(1)
        .expect("elements follow the description");
    let numbers = drawn
        .split(['"', ' ', ','])
        .filter(|word| word.contains('.') && word.parse::<f32>().is_ok());
    for number in numbers {
        let decimals = number.split('.').nth(1).map_or(0, str::len);
        assert!(decimals <= 2, "{number}");
    }
    assert!(svg.len() < 60_000, "{} bytes", svg.len());
}
