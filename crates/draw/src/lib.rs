//! Draws a lab's scene and charts on any plotters backend: a canvas in the page, SVG in the book, a bitmap elsewhere.
//!
//! # What it prevents
//! A figure drawn by hand for print and another one drawn by the page drift apart until they tell two stories.
//! Here the picture in print, the picture before the page comes alive and the living picture come out of the same functions.
//!
//! # Map
//! - [`scene`] draws a [`labs::Scene`], [`scene_height`] says how much room it takes, [`hit`] says what is under a point, [`highlight`] rings it.
//! - [`chart`] draws one [`labs::Chart`], [`chart_with`] the same with a second run or the reader's own curve over it; [`x_at`] and [`time_at`] are the time axis that all charts and the time slider share.
//! - [`Palette`] gives every [`labs::State`] its colour; [`shape_of`] gives it its shape.
//! - [`figure_svg`], [`scene_svg`] and [`chart_svg`] give static figures as text, coloured by the page's own CSS variables;
//!   [`Figure`] is the same in pieces, for any backend.
//!
//! # Sub-pixel positions
//! plotters' backends take whole numbers, so a dot that creeps along would jump from pixel to pixel.
//! Everything here therefore draws in *units*, [`View::scale`] of them to a CSS pixel.
//! On a canvas, give `scale = devicePixelRatio * FINE` and set the context's transform to `1 / FINE` (and its `lineJoin` to
//! `round`, which plotters leaves alone); [`Svg`] does the like by itself.
//! Plain `scale = devicePixelRatio` without a transform works too, only less smoothly.
//!
//! # Guarantees
//! - Nothing is measured through the page: the same input gives the same drawing calls on every platform, and the same SVG bytes.
//! - No mark leaves the figure: what would stick out is moved inside.
//! - The cost of a crowd is bounded: dots that would cover each other become a bead with a count, above a limit a pipe shows
//!   densities ([`density`] counts every request exactly once), and cells are drawn by runs.
//!
//! # Not modelled
//! Animation, legends and titles of charts: the page has those, in HTML.
//!
//! # Example
//! ```
//! use draw::{Palette, Svg, View, hit, scene, scene_height};
//! use labs::scene::{Dot, Mark, Scene, State, at};
//!
//! let dots = vec![Dot { progress: 0.5, state: State::Waiting, subject: 42 }];
//! let queue = Scene { rows: 2.0, marks: vec![Mark::Pipe { from: at(0.0, 1.0), to: at(1.0, 1.0), dots }] };
//! let view = View { width: 350.0, row: 17.0, scale: draw::FINE, palette: Palette::LIGHT };
//!
//! let mut svg = Svg::new(view.width, scene_height(&queue, &view) as f32, view.scale);
//! scene(&mut svg, &queue, &view)?;
//! assert!(svg.into_elements().contains(&Palette::LIGHT.waiting.hex()));
//! assert_eq!(hit(&queue, &view, 175.0, 17.0), Some(42));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod axis;
mod chart;
mod figure;
mod hit;
mod marks;
mod palette;
mod pen;
mod plot;
mod scene;
mod series;
mod shape;
mod svg;
mod text;
mod view;

pub use axis::{margins, time_at, x_at};
pub use chart::{Overlay, Sketch, chart, chart_with};
pub use figure::{Figure, Part, chart_svg, figure_svg, figure_with, scene_svg};
pub use hit::{highlight, hit};
pub use marks::flow::density;
pub use marks::glyph::{Shape, shape_of};
pub use palette::{Palette, Rgb, STATES, themed_svg};
pub use scene::{scene, scene_height};
pub use svg::Svg;
pub use text::{FONT, grouped};
pub use view::{FINE, View};

#[cfg(test)]
mod tests;
