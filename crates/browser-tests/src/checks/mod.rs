//! The list of checks; each states in its name what a reader can rely on.

mod access;
mod labs;
mod pages;
mod stage;

use std::pin::Pin;

use anyhow::Result;

use crate::World;

/// A future of a check.
pub(crate) type Outcome<'a> = Pin<Box<dyn Future<Output = Result<()>> + 'a>>;

/// One check.
pub(crate) struct Check {
    /// What a reader can rely on.
    pub(crate) name: &'static str,
    /// Finds out whether it is so.
    pub(crate) run: for<'a> fn(&'a World) -> Outcome<'a>,
}

macro_rules! checks {
    ($($module:ident :: $name:ident),* $(,)?) => {
        vec![$(Check { name: stringify!($name), run: |world| Box::pin($module::$name(world)) }),*]
    };
}

/// Every check.
pub(crate) fn all() -> Vec<Check> {
    checks![
        pages::text_is_readable_before_any_script_runs,
        pages::no_page_complains_or_asks_another_host,
        pages::no_page_scrolls_sideways_on_a_phone,
        pages::the_print_page_starts_no_lab,
        pages::arrow_keys_still_turn_pages_outside_a_lab,
        labs::every_lab_has_the_same_log_in_the_page_as_natively,
        labs::every_lab_comes_alive_plays_and_pauses,
        labs::stepping_and_scrubbing_come_back_to_the_same_frame,
        labs::every_lab_works_by_keyboard_alone,
        labs::a_lab_off_screen_stops,
        labs::a_lab_follows_the_theme_of_the_book,
        labs::a_lab_does_not_shift_the_page_when_it_comes_alive,
        labs::reduced_motion_steps_instead_of_playing,
        labs::a_phone_shows_a_whole_lab,
        stage::a_locked_lab_does_nothing_and_says_why,
        stage::a_page_opens_a_lab_where_it_wants_and_is_told_of_moments,
        stage::the_engine_answers_a_page_as_it_does_natively,
        stage::two_settings_are_compared_at_one_moment,
        stage::the_log_tells_why_in_both_runs_by_keyboard,
        stage::a_comparison_fits_a_phone_and_a_wide_page,
        access::axe_finds_nothing_on_any_page_in_any_theme,
    ]
}
