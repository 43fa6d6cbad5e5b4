//! A line of a chart as the page carries it: what the reader's own drawing is held against.

use core::fmt::Write as _;

use labs::AnyRun;

/// The line is cut into so many columns; of each the page carries the lowest and the highest point.
const COLUMNS: usize = 120;

/// A line of a chart over a whole run, and the axes it is drawn in.
pub(crate) struct Curve {
    /// Its number through all charts.
    number: usize,
    label: &'static str,
    title: &'static str,
    unit: &'static str,
    /// Length of the run in seconds.
    seconds: f64,
    /// Ends of the value axis.
    values: (f64, f64),
    /// Seconds and values, in order.
    points: Vec<(f64, f64)>,
}

/// The line of this label in a run, which is sent to its end.
pub(crate) fn of(run: &mut dyn AnyRun, label: &str) -> Result<Curve, String> {
    let mut first = 0;
    run.finish();
    for chart in run.charts() {
        if let Some(nth) = chart.lines.iter().position(|line| line.label == label) {
            let lines = first..first + chart.lines.len();
            let values = lines
                .flat_map(|line| run.tape().line(line))
                .map(|it| it.value);
            let (least, most) = values
                .filter(|value| value.is_finite())
                .fold((0.0_f64, chart.top), |(least, most), value| {
                    (least.min(value), most.max(value))
                });
            let points = run.tape().line(first + nth).iter();
            let points: Vec<(f64, f64)> = points
                .map(|point| (point.at.as_secs_f64(), point.value))
                .collect();
            let seconds = run.length().as_secs_f64();
            return Ok(Curve {
                number: first + nth,
                label: chart.lines[nth].label,
                title: chart.title,
                unit: chart.unit,
                seconds,
                // Taken from zero, so that it is never -0.
                values: (0.0 - rounded_up(-least), rounded_up(most)),
                points: thinned(&points, seconds),
            });
        }
        first += chart.lines.len();
    }
    let known = run.charts().iter().flat_map(|chart| chart.lines);
    let known: Vec<&str> = known.map(|line| line.label).collect();
    Err(format!(
        "{} draws no line {label:?}; it draws {}",
        run.about().id,
        known.join(", ")
    ))
}

/// The next value that can end an axis: 1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6 or 8 times a power of ten.
fn rounded_up(value: f64) -> f64 {
    if value <= 0.0 {
        return 0.0;
    }
    let mut power = 1.0;
    while power > value {
        power /= 10.0;
    }
    while power * 10.0 <= value {
        power *= 10.0;
    }
    let ends = [1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0];
    let found = ends.into_iter().find(|end| end * power >= value);
    found.unwrap_or(10.0) * power
}

/// Of each column the lowest and the highest point, as they follow each other.
fn thinned(points: &[(f64, f64)], seconds: f64) -> Vec<(f64, f64)> {
    let column = |secs: f64| (secs / seconds * COLUMNS as f64) as usize;
    let mut thin: Vec<(f64, f64)> = Vec::new();
    for group in points.chunk_by(|a, b| column(a.0) == column(b.0)) {
        let place = |better: fn(f64, f64) -> bool| {
            let mut best = 0;
            for (nth, point) in group.iter().enumerate() {
                if better(point.1, group[best].1) {
                    best = nth;
                }
            }
            best
        };
        let (low, high) = (place(|a, b| a < b), place(|a, b| a > b));
        thin.push(group[low.min(high)]);
        if low != high {
            thin.push(group[low.max(high)]);
        }
    }
    thin
}

impl Curve {
    /// The attributes the script reads.
    pub(crate) fn data(&self) -> String {
        let mut points = String::new();
        for (nth, (secs, value)) in self.points.iter().enumerate() {
            let comma = if nth > 0 { "," } else { "" };
            write!(points, "{comma}[{},{}]", short(*secs), short(*value))
                .expect("writing to a String cannot fail");
        }
        format!(
            " data-line=\"{}\" data-label=\"{}\" data-title=\"{}\" data-unit=\"{}\" data-seconds=\"{}\" data-least=\"{}\" data-most=\"{}\" data-result=\"[{points}]\"",
            self.number,
            self.label,
            self.title,
            self.unit,
            self.seconds,
            self.values.0,
            self.values.1,
        )
    }

    /// What the line does, for those who do not see it drawn.
    pub(crate) fn words(&self) -> String {
        let said = |(secs, value): (f64, f64)| {
            format!("{} {} at {} s", short(value), self.unit, short(secs))
        };
        let ordered = |a: &&(f64, f64), b: &&(f64, f64)| a.1.total_cmp(&b.1);
        let (first, last) = (self.points.first(), self.points.last());
        // Of equal ones the first is told.
        let most = self.points.iter().rev().max_by(ordered);
        let least = self.points.iter().min_by(ordered);
        let parts = [
            ("begins with", first),
            ("is lowest with", least),
            ("highest with", most),
        ];
        let parts: Vec<String> = parts
            .into_iter()
            .filter_map(|(word, point)| Some(format!("{word} {}", said(*point?))))
            .collect();
        let end = last.map_or_else(String::new, |&last| {
            format!(" and ends with {}", said(last))
        });
        format!("The line “{}” {}{end}", self.label, parts.join(", "))
    }
}

/// With at most two decimals.
fn short(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}
