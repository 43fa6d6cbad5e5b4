//! What travels in a pipe: dots, batches with a count where dots would cover each other, and a density where even that is too much.

use labs::State;
use labs::scene::{Align, Dot};
use plotters_backend::DrawingBackend;

use crate::marks::pipe::{Course, DENSE_THICKNESS, THICKNESS};
use crate::palette::STATES;
use crate::pen::{Drawn, Ink, Pen, Type};
use crate::shape::{Area, Xy, capsule, rounded};
use crate::text::{self, grouped};

/// More dots and batches than this are drawn as a density, however long the pipe.
const ITEMS_MAX: usize = 150;
/// A pipe needs this many CSS pixels of length for each dot, half of what a dot is broad.
const LENGTH_PER_DOT: f32 = 5.0;
/// The same for each batch, which is about its own length: batches that cover each other could not be read.
const LENGTH_PER_BATCH: f32 = 30.0;
/// More dots than this are not searched for batches.
const SEARCHED_MAX: usize = 1_000;
/// So many dots of a state in a row, none further from the next than [`BATCH_GAP`], are a batch.
const BATCH_MIN: usize = 8;
/// In CSS pixels.
const BATCH_GAP: f32 = 2.5;
/// A batch longer than this, in CSS pixels, and than two fifths of its pipe is a stream: a count would hide how it is spread.
const BATCH_LENGTH: f32 = 48.0;
/// Half the thickness of a batch, in CSS pixels.
const BATCH_HALF: f32 = 8.0;
/// Length of a density's column along the pipe, in CSS pixels.
const COLUMN: f32 = 3.0;
/// How far along the pipe what failed begins to fade.
const FADE_FROM: f32 = 0.55;

/// How many dots there are of each state (in the order of [`STATES`]) in each of `columns` equal stretches of the pipe.
///
/// Every dot is counted exactly once: what lies outside 0 to 1 counts in the first or last stretch.
#[must_use]
pub fn density(dots: &[Dot], columns: usize) -> Vec<[u32; STATES.len()]> {
    let columns = columns.max(1);
    let mut counts = vec![[0; STATES.len()]; columns];
    for dot in dots {
        let column = (dot.progress.clamp(0.0, 1.0) * columns as f32) as usize;
        counts[column.min(columns - 1)][dot.state as usize] += 1;
    }
    counts
}

/// Dots of a state so close together that they are drawn as one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Batch {
    pub(crate) state: State,
    pub(crate) count: usize,
    /// How far along the first and the last are, in CSS pixels.
    pub(crate) ends: (f32, f32),
    /// Mean progress, 0 to 1.
    progress: f32,
}

/// A pipe with its content, ready to be drawn.
pub(crate) enum Flow<'a> {
    /// Few enough to be told apart.
    Items(Vec<&'a Dot>, Vec<Batch>),
    /// A crowd.
    Crowd(&'a [Dot]),
}

impl<'a> Flow<'a> {
    pub(crate) fn new(course: &Course, dots: &'a [Dot]) -> Self {
        if dots.len() > SEARCHED_MAX {
            return Self::Crowd(dots);
        }
        let (single, batches) = batches(course, dots);
        let items = single.len() + batches.len();
        let needed = single.len() as f32 * LENGTH_PER_DOT + batches.len() as f32 * LENGTH_PER_BATCH;
        let fits = items <= ITEMS_MAX && needed <= course.length.max(LENGTH_PER_BATCH);
        if fits {
            Self::Items(single, batches)
        } else {
            Self::Crowd(dots)
        }
    }

    /// Thickness of the pipe, in rows.
    fn thickness(&self) -> f32 {
        if matches!(self, Self::Crowd(_)) {
            DENSE_THICKNESS
        } else {
            THICKNESS
        }
    }
}

/// Sorts out the dots that are on their own, in the order given, and those that move as one.
fn batches<'a>(course: &Course, dots: &'a [Dot]) -> (Vec<&'a Dot>, Vec<Batch>) {
    let place = |index: usize| course.distance(&dots[index]);
    let mut order: Vec<usize> = (0..dots.len()).collect();
    order.sort_by(|&a, &b| {
        dots[a]
            .state
            .cmp(&dots[b].state)
            .then(place(a).total_cmp(&place(b)))
            .then(a.cmp(&b))
    });
    let close =
        |&a: &usize, &b: &usize| dots[a].state == dots[b].state && place(b) - place(a) <= BATCH_GAP;
    let (mut single, mut batches) = (Vec::new(), Vec::new());
    for chain in order.chunk_by(close) {
        let ends = (place(chain[0]), place(chain[chain.len() - 1]));
        if chain.len() < BATCH_MIN || ends.1 - ends.0 > BATCH_LENGTH.max(0.4 * course.length) {
            single.extend(chain);
            continue;
        }
        let progress =
            chain.iter().map(|&index| dots[index].progress).sum::<f32>() / chain.len() as f32;
        batches.push(Batch {
            state: dots[chain[0]].state,
            count: chain.len(),
            ends,
            progress,
        });
    }
    single.sort_unstable();
    (
        single
            .into_iter()
            .map(|index: usize| &dots[index])
            .collect(),
        batches,
    )
}

impl<DB: DrawingBackend> Pen<'_, DB> {
    /// The wall of a pipe.
    pub(crate) fn wall(&mut self, course: &Course, flow: &Flow<'_>) -> Drawn<DB> {
        let (start, end) = course.wall();
        let wall = self.palette().line.solid();
        self.polygon(&capsule(start, end, flow.thickness() * self.view.row), wall)
    }

    /// What travels in a pipe.
    pub(crate) fn flow(&mut self, course: &Course, flow: &Flow<'_>) -> Drawn<DB> {
        match flow {
            Flow::Items(dots, batches) => {
                self.dots(course, dots)?;
                batches
                    .iter()
                    .try_for_each(|batch| self.batch(course, batch))
            }
            Flow::Crowd(dots) => self.crowd(course, dots),
        }
    }

    fn dots(&mut self, course: &Course, dots: &[&Dot]) -> Drawn<DB> {
        let wall = self.palette().line;
        for dot in dots {
            let alpha = fading(dot.state, dot.progress);
            let at = course.dot(dot);
            if alpha >= 1.0 {
                // A rim in the colour of the pipe keeps neighbours apart.
                self.disc(at, course.radius + 0.75, wall.solid())?;
            }
            self.glyph(dot.state, at, course.radius, alpha)?;
        }
        Ok(())
    }

    /// A bead with the number of those it stands for: pointed when they were refused, hollow when they gave up.
    fn batch(&mut self, course: &Course, batch: &Batch) -> Drawn<DB> {
        let count = grouped(batch.count as u64);
        let half = (batch.ends.1 - batch.ends.0) / 2.0;
        let (ux, uy) = (course.along.0.abs(), course.along.1.abs());
        let words = text::width(&count, text::LEAST, true) / 2.0 + 6.5;
        let sides = (
            words.max(half * ux + course.radius),
            BATCH_HALF.max(half * uy + course.radius),
        );
        let middle = course.point(batch.ends.0 + half, 0.0);
        let centre = self
            .view
            .nearest(middle, (sides.0 + 3.0, sides.1), self.height);
        let area = Area::around(centre, sides);
        let alpha = fading(batch.state, batch.progress);
        // The colour of words, not of marks: the count stands on it in small letters.
        let colour = self.palette().word(batch.state);
        let page = self.palette().surface;
        let mut look = Type {
            pixels: text::LEAST,
            bold: true,
            align: Align::Centre,
            colour: page,
        };
        match batch.state {
            State::Rejected => self.polygon(&pointed(area), colour.faded(alpha))?,
            State::TimedOut => {
                self.rounded(area, BATCH_HALF, page.faded(alpha))?;
                self.rounded_outline(area, BATCH_HALF, 1.75, colour.faded(alpha))?;
                look.colour = colour;
            }
            _ => self.polygon(&rounded(area, BATCH_HALF), colour.faded(alpha))?,
        }
        self.text(centre, &count, look)
    }

    /// A column for every few pixels, as high as it is full, split by state.
    fn crowd(&mut self, course: &Course, dots: &[Dot]) -> Drawn<DB> {
        let half = DENSE_THICKNESS * self.view.row / 2.0;
        // The columns keep clear of the pipe's round ends, where they can be seen.
        let clear = |beyond: f32| (half - beyond).max(1.0);
        let start = clear(course.beyond.0);
        let length = (course.length - start - clear(course.beyond.1)).max(1.0);
        let columns = ((length / COLUMN) as usize).max(1);
        let counts = smoothed(&density(dots, columns));
        let total = |column: &[f32; STATES.len()]| column.iter().sum::<f32>();
        let fullest = counts.iter().map(total).fold(0.0, f32::max);
        // An even crowd fills two thirds of the pipe. A column of three times the mean fills all of it: were the scale to follow
        // a higher peak, a burst would make everything else vanish.
        let mean = dots.len() as f32 / columns as f32;
        let scale = fullest.clamp(1.5 * mean, 3.0 * mean);
        for (index, column) in counts.iter().enumerate() {
            let at = |edge: f32| start + length * edge / columns as f32;
            let ends = (at(index as f32), at(index as f32 + 1.0));
            let height = 2.0 * (half - 1.0) * (total(column) / scale).min(1.0);
            let mut aside = height / 2.0;
            for (state, &count) in STATES.iter().zip(column).filter(|(_, count)| **count > 0.0) {
                let next = aside - height * count / total(column);
                let ink = self.mark(*state).solid();
                self.column(course, ends, (next, aside), ink)?;
                aside = next;
            }
        }
        Ok(())
    }

    /// A piece of the pipe between two distances and two offsets from its middle line.
    fn column(
        &mut self,
        course: &Course,
        ends: (f32, f32),
        asides: (f32, f32),
        ink: Ink,
    ) -> Drawn<DB> {
        let (a, b) = (
            course.point(ends.0, asides.0),
            course.point(ends.1, asides.1),
        );
        let straight = course.along.0 == 0.0 || course.along.1 == 0.0;
        if straight {
            let (x0, x1) = (a.0.min(b.0), a.0.max(b.0));
            let (y0, y1) = (a.1.min(b.1), a.1.max(b.1));
            return self.rect(Area { x0, y0, x1, y1 }, ink);
        }
        self.polygon(
            &[
                a,
                course.point(ends.1, asides.0),
                b,
                course.point(ends.0, asides.1),
            ],
            ink,
        )
    }
}

/// Counts averaged a little with their neighbours, their sum unchanged: a column holds so few of a thin crowd that it would flicker.
pub(crate) fn smoothed(counts: &[[u32; STATES.len()]]) -> Vec<[f32; STATES.len()]> {
    let last = counts.len().saturating_sub(1);
    let average = |index: usize| {
        let neighbours = [index.saturating_sub(1), index, index, (index + 1).min(last)];
        core::array::from_fn(|state| {
            neighbours
                .iter()
                .map(|&near| counts[near][state] as f32)
                .sum::<f32>()
                / 4.0
        })
    };
    (0..counts.len()).map(average).collect()
}

/// How strong a thing is drawn: what was refused or gave up fades towards the end of its way.
fn fading(state: State, progress: f32) -> f32 {
    let failed = matches!(state, State::Rejected | State::TimedOut);
    if !failed || progress <= FADE_FROM {
        return 1.0;
    }
    1.0 - 0.75 * ((progress - FADE_FROM) / (1.0 - FADE_FROM)).min(1.0)
}

/// The area with pointed ends left and right, a long diamond.
fn pointed(area: Area) -> [Xy; 6] {
    let y = area.centre().1;
    let Area { x0, y0, x1, y1 } = area;
    [
        (x0 - 3.0, y),
        (x0 + 4.0, y0),
        (x1 - 4.0, y0),
        (x1 + 3.0, y),
        (x1 - 4.0, y1),
        (x0 + 4.0, y1),
    ]
}
