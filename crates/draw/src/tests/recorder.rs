//! A backend that remembers what was drawn, in CSS pixels.

use core::convert::Infallible;

use labs::Scene;
use plotters_backend::text_anchor::HPos;
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind,
};

use crate::shape::Area;
use crate::{Palette, Rgb, View, scene, text};

/// What kind of step it was.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum What {
    Rect,
    Polygon,
    Circle,
    Path,
    /// The words and the height of their letters in CSS pixels.
    Text(String, f32),
}

/// One step.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Step {
    pub what: What,
    pub area: Area,
    pub rgb: Rgb,
    pub alpha: f64,
}

/// Everything drawn, in order.
pub(super) struct Recorder {
    pub steps: Vec<Step>,
    scale: f32,
}

/// A view at four units a pixel, in the light colours.
pub(super) fn view(width: f32) -> View {
    View {
        width,
        row: 17.0,
        scale: 4.0,
        palette: Palette::LIGHT,
    }
}

/// What drawing a scene comes to.
pub(super) fn record(figure: &Scene, view: &View) -> Vec<Step> {
    let mut recorder = Recorder::new(view);
    scene(&mut recorder, figure, view).expect("the recorder never fails");
    recorder.steps
}

impl Recorder {
    pub(super) fn new(view: &View) -> Self {
        Self {
            steps: Vec::new(),
            scale: view.scale,
        }
    }

    fn push(&mut self, what: What, points: &[BackendCoord], around: f32, color: BackendColor) {
        if color.alpha == 0.0 || points.is_empty() {
            return;
        }
        let px = |units: i32| units as f32 / self.scale;
        let mut area = Area {
            x0: f32::MAX,
            y0: f32::MAX,
            x1: f32::MIN,
            y1: f32::MIN,
        };
        for &(x, y) in points {
            area.x0 = area.x0.min(px(x));
            area.x1 = area.x1.max(px(x));
            area.y0 = area.y0.min(px(y));
            area.y1 = area.y1.max(px(y));
        }
        let (red, green, blue) = color.rgb;
        let area = area.grown(around / self.scale);
        self.steps.push(Step {
            what,
            area,
            rgb: Rgb(red, green, blue),
            alpha: color.alpha,
        });
    }
}

type Recorded = Result<(), DrawingErrorKind<Infallible>>;

impl DrawingBackend for Recorder {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        // Deliberately of no use: nothing may depend on it.
        (1, 1)
    }

    fn ensure_prepared(&mut self) -> Recorded {
        Ok(())
    }

    fn present(&mut self) -> Recorded {
        Ok(())
    }

    fn draw_pixel(&mut self, point: BackendCoord, color: BackendColor) -> Recorded {
        self.push(What::Rect, &[point], 1.0, color);
        Ok(())
    }

    fn draw_line<S: BackendStyle>(
        &mut self,
        from: BackendCoord,
        to: BackendCoord,
        style: &S,
    ) -> Recorded {
        self.draw_path([from, to], style)
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        from: BackendCoord,
        to: BackendCoord,
        style: &S,
        _: bool,
    ) -> Recorded {
        self.push(What::Rect, &[from, to], 0.0, style.color());
        Ok(())
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Recorded {
        let points: Vec<_> = path.into_iter().collect();
        self.push(
            What::Path,
            &points,
            style.stroke_width() as f32 / 2.0,
            style.color(),
        );
        Ok(())
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        centre: BackendCoord,
        radius: u32,
        style: &S,
        fill: bool,
    ) -> Recorded {
        let stroke = if fill {
            0.0
        } else {
            style.stroke_width() as f32 / 2.0
        };
        self.push(
            What::Circle,
            &[centre],
            radius as f32 + stroke,
            style.color(),
        );
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Recorded {
        let points: Vec<_> = path.into_iter().collect();
        self.push(What::Polygon, &points, 0.0, style.color());
        Ok(())
    }

    fn draw_text<S: BackendTextStyle>(
        &mut self,
        words: &str,
        style: &S,
        at: BackendCoord,
    ) -> Recorded {
        let pixels = style.size() as f32 / self.scale;
        let bold = matches!(style.style(), plotters_backend::FontStyle::Bold);
        let width = (text::width(words, pixels, bold) * self.scale) as i32;
        let left = match style.anchor().h_pos {
            HPos::Left => at.0,
            HPos::Center => at.0 - width / 2,
            HPos::Right => at.0 - width,
        };
        let half = (pixels * self.scale / 2.0) as i32;
        let corners = [(left, at.1 - half), (left + width, at.1 + half)];
        self.push(
            What::Text(words.into(), pixels),
            &corners,
            0.0,
            style.color(),
        );
        Ok(())
    }
}
