//! The colours of a drawing, one per role, read from the page's CSS variables.

use labs::State;

/// A colour: red, green and blue, 0 to 255 each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rgb(pub u8, pub u8, pub u8);

impl Rgb {
    /// Reads `#rrggbb`, with or without blanks around it; anything else is `None`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.trim().strip_prefix('#')?;
        if digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let value = u32::from_str_radix(digits, 16).ok()?;
        let [_, red, green, blue] = value.to_be_bytes();
        Some(Self(red, green, blue))
    }

    /// `#rrggbb` in lower case.
    #[must_use]
    pub fn hex(self) -> String {
        format!("#{:02x}{:02x}{:02x}", self.0, self.1, self.2)
    }
}

/// All states, in the order of their declaration.
pub const STATES: [State; 9] = [
    State::Neutral,
    State::Muted,
    State::Served,
    State::Waiting,
    State::Rejected,
    State::TimedOut,
    State::Retried,
    State::Moved,
    State::Selected,
];

/// Writes the struct once, with each field's CSS variable and its value on a light page.
macro_rules! palette {
    ($($(#[$doc:meta])* $field:ident = $variable:literal, $light:literal;)*) => {
        /// One colour for every role; marks reach a contrast of 3 against the surface, words 4.5.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct Palette {
            $($(#[$doc])* pub $field: Rgb,)*
        }

        /// The CSS variables, in the order of the fields.
        const VARIABLES: &[&str] = &[$($variable),*];

        impl Palette {
            /// The light theme's colours.
            pub const LIGHT: Self = Self { $($field: from_literal($light),)* };

            /// Asks `lookup` for each CSS variable, such as `--hd-served`; what it does not know or what is not `#rrggbb` is taken
            /// from the light theme.
            pub fn from_lookup(mut lookup: impl FnMut(&str) -> Option<String>) -> Self {
                let mut read = |name: &str, light| {
                    lookup(name).and_then(|text| Rgb::parse(&text)).unwrap_or(light)
                };
                Self { $($field: read($variable, Self::LIGHT.$field),)* }
            }
        }
    };
}

palette! {
    /// The page under the figure.
    surface = "--hd-surface", 0xff_ff_ff;
    /// Lanes, trays and the empty part of tracks.
    raised = "--hd-raised", 0xf4_f6_f8;
    /// Pipes, empty slots and the chart's grid.
    line = "--hd-line", 0xd5_da_e1;
    /// Words and outlines.
    ink = "--hd-ink", 0x1b_1f_27;
    /// Secondary words.
    muted = "--hd-muted", 0x59_62_73;
    /// Marks of requests about which nothing is decided.
    neutral = "--hd-neutral", 0x1b_1f_27;
    /// Marks of what is served.
    served = "--hd-served", 0x00_92_6a;
    /// Marks of what waits.
    waiting = "--hd-waiting", 0x40_87_af;
    /// Marks of what was refused.
    rejected = "--hd-rejected", 0xd2_5c_00;
    /// Marks of what ran out of time.
    timed_out = "--hd-timed-out", 0xb2_69_92;
    /// Marks of what is tried again.
    retried = "--hd-retried", 0xab_76_00;
    /// Marks of what was moved.
    moved = "--hd-moved", 0x89_82_25;
    /// Marks of what the reader looks at, of stores and of the cursor.
    selected = "--hd-selected", 0x00_72_b2;
    /// Words about what is served.
    served_text = "--hd-served-text", 0x00_72_53;
    /// Words about what waits.
    waiting_text = "--hd-waiting-text", 0x32_69_89;
    /// Words about what was refused.
    rejected_text = "--hd-rejected-text", 0xa5_48_00;
    /// Words about what ran out of time.
    timed_out_text = "--hd-timed-out-text", 0x8b_52_72;
    /// Words about what is tried again.
    retried_text = "--hd-retried-text", 0x86_5c_00;
    /// Words about what was moved.
    moved_text = "--hd-moved-text", 0x6b_66_1d;
    /// Words about what the reader looks at and about stores.
    selected_text = "--hd-selected-text", 0x00_68_a3;
}

const fn from_literal(value: u32) -> Rgb {
    let [_, red, green, blue] = value.to_be_bytes();
    Rgb(red, green, blue)
}

/// The colour that stands for variable number `index` until [`themed_svg`] puts the variable in its place.
const fn stand_in(index: usize) -> Rgb {
    Rgb(0xfe, 0x5e, index as u8)
}

impl Palette {
    /// Colours that no theme has; [`themed_svg`] turns them into CSS variables.
    #[must_use]
    pub fn sentinel() -> Self {
        Self::from_lookup(|name| {
            let index = VARIABLES.iter().position(|variable| *variable == name)?;
            Some(stand_in(index).hex())
        })
    }

    /// Reads the variables that `css` declares for the class `theme` (such as `navy`), `:root` first.
    ///
    /// It understands flat rules of custom properties, which is what the book's colour sheet consists of; `None` when no rule names
    /// the class.
    #[must_use]
    pub fn from_css(css: &str, theme: &str) -> Option<Self> {
        let class = format!(".{theme}");
        let rules = css.split('}').filter_map(|rule| rule.split_once('{'));
        let mut found = Vec::new();
        let mut known = false;
        for (head, body) in rules {
            let selectors = head.rsplit("*/").next().unwrap_or(head);
            let named = selectors
                .split(',')
                .any(|selector| selector.trim() == class);
            known |= named;
            if named
                || selectors
                    .split(',')
                    .any(|selector| selector.trim() == ":root")
            {
                found.extend(body.split(';').filter_map(|line| line.split_once(':')));
            }
        }
        let last = |name: &str| found.iter().rev().find(|(key, _)| key.trim() == name);
        known.then(|| Self::from_lookup(|name| last(name).map(|(_, value)| value.to_string())))
    }

    /// The colour of a mark in this state.
    #[must_use]
    pub fn mark(&self, state: State) -> Rgb {
        match state {
            State::Neutral => self.neutral,
            State::Muted => self.muted,
            State::Served => self.served,
            State::Waiting => self.waiting,
            State::Rejected => self.rejected,
            State::TimedOut => self.timed_out,
            State::Retried => self.retried,
            State::Moved => self.moved,
            State::Selected => self.selected,
        }
    }

    /// The colour of words about this state.
    #[must_use]
    pub fn word(&self, state: State) -> Rgb {
        match state {
            State::Neutral => self.ink,
            State::Muted => self.muted,
            State::Served => self.served_text,
            State::Waiting => self.waiting_text,
            State::Rejected => self.rejected_text,
            State::TimedOut => self.timed_out_text,
            State::Retried => self.retried_text,
            State::Moved => self.moved_text,
            State::Selected => self.selected_text,
        }
    }
}

/// Replaces the colours of [`Palette::sentinel`] by `var(--hd-…)`, so that the page's theme colours the figure.
#[must_use]
pub fn themed_svg(svg: String) -> String {
    let mut themed = String::with_capacity(svg.len() + svg.len() / 8);
    let mut rest = svg.as_str();
    while let Some(at) = rest.find('#') {
        let (before, after) = rest.split_at(at);
        themed.push_str(before);
        let code = after.get(..7).and_then(Rgb::parse);
        let variable = code.and_then(|code| {
            (0..VARIABLES.len())
                .find(|&index| stand_in(index) == code)
                .map(|index| VARIABLES[index])
        });
        if let Some(variable) = variable {
            themed.push_str("var(");
            themed.push_str(variable);
            themed.push(')');
            rest = &after[7..];
        } else {
            themed.push('#');
            rest = &after[1..];
        }
    }
    themed.push_str(rest);
    themed
}
