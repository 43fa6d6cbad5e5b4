//! What a lab is drawn on: a canvas or an SVG file, as one type.
//!
//! Drawing is compiled once for every type of backend; as two types it would take half as much again of what every reader downloads.

use core::convert::Infallible;

use draw::Svg;
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind,
};
use plotters_canvas::CanvasBackend;

/// See the module's text.
pub(crate) enum Surface {
    /// A canvas in the page or off it.
    Canvas(CanvasBackend),
    /// The elements of an SVG file.
    Svg(Svg),
}

type Drawn = Result<(), DrawingErrorKind<Infallible>>;

/// Hands a call on; a canvas reports no errors that a reader could mend.
macro_rules! on_either {
    ($self:ident, $backend:ident => $call:expr) => {
        match $self {
            Surface::Canvas($backend) => _ = $call,
            Surface::Svg($backend) => _ = $call,
        }
    };
}

impl DrawingBackend for Surface {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        match self {
            Self::Canvas(canvas) => canvas.get_size(),
            Self::Svg(svg) => svg.get_size(),
        }
    }

    fn ensure_prepared(&mut self) -> Drawn {
        Ok(())
    }

    fn present(&mut self) -> Drawn {
        Ok(())
    }

    fn draw_pixel(&mut self, point: BackendCoord, color: BackendColor) -> Drawn {
        on_either!(self, backend => backend.draw_pixel(point, color));
        Ok(())
    }

    fn draw_line<S: BackendStyle>(
        &mut self,
        from: BackendCoord,
        to: BackendCoord,
        style: &S,
    ) -> Drawn {
        on_either!(self, backend => backend.draw_line(from, to, style));
        Ok(())
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        from: BackendCoord,
        to: BackendCoord,
        style: &S,
        fill: bool,
    ) -> Drawn {
        on_either!(self, backend => backend.draw_rect(from, to, style, fill));
        Ok(())
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Drawn {
        let path: Vec<_> = path.into_iter().collect();
        on_either!(self, backend => backend.draw_path(path, style));
        Ok(())
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        centre: BackendCoord,
        radius: u32,
        style: &S,
        fill: bool,
    ) -> Drawn {
        on_either!(self, backend => backend.draw_circle(centre, radius, style, fill));
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Drawn {
        let path: Vec<_> = path.into_iter().collect();
        on_either!(self, backend => backend.fill_polygon(path, style));
        Ok(())
    }

    fn draw_text<S: BackendTextStyle>(&mut self, text: &str, style: &S, at: BackendCoord) -> Drawn {
        on_either!(self, backend => backend.draw_text(text, style, at));
        Ok(())
    }
}
