//! The list of checks; each states in its name what a reader can rely on.

mod access;
mod elements;
mod labs;
mod learning;
mod offline;
mod overload;
mod pages;
mod progress;
mod scheduler;
mod sharing;
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
    of_pages_and_labs()
        .into_iter()
        .chain(of_lessons())
        .collect()
}

fn of_pages_and_labs() -> Vec<Check> {
    checks![
        pages::text_is_readable_before_any_script_runs,
        pages::no_page_complains_or_asks_another_host,
        pages::no_page_scrolls_sideways_on_a_phone,
        pages::the_print_page_starts_no_lab,
        pages::a_live_lab_is_a_figure_on_paper,
        offline::a_book_opened_from_disk_plays_and_asks_nobody,
        pages::arrow_keys_still_turn_pages_outside_a_lab,
        labs::every_lab_has_the_same_log_in_the_page_as_natively,
        labs::every_lab_comes_alive_plays_and_pauses,
        labs::stepping_and_scrubbing_come_back_to_the_same_frame,
        labs::every_lab_works_by_keyboard_alone,
        labs::a_lab_that_waits_goes_on_with_a_choice_and_back_by_keyboard,
        scheduler::every_prediction_about_schedulers_can_be_made_by_keyboard_and_is_answered,
        scheduler::a_recorded_run_plays_beside_the_model_and_nothing_else_is_taken_for_one,
        scheduler::who_runs_next_is_guessed_by_keyboard_and_the_log_says_the_rule,
        scheduler::who_runs_next_follows_what_the_reader_turns_and_hides_what_is_ahead,
        overload::every_prediction_about_overload_can_be_made_by_keyboard_and_is_answered,
        overload::every_phrase_about_overload_shows_its_moment,
        overload::a_fault_caused_by_keyboard_fails_requests_until_it_is_undone,
        labs::a_lab_off_screen_stops,
        labs::a_lab_follows_the_theme_of_the_book,
        labs::a_lab_does_not_shift_the_page_when_it_comes_alive,
        labs::reduced_motion_steps_instead_of_playing,
        labs::a_phone_shows_a_whole_lab,
    ]
}

/// What is read, asked, shared and remembered.
fn of_lessons() -> Vec<Check> {
    checks![
        elements::a_quiz_answers_at_once_and_explains_every_choice,
        elements::an_answer_is_there_again_after_leaving_the_page,
        elements::a_quiz_works_by_keyboard_alone,
        elements::an_answered_quiz_has_no_axe_violations_in_any_theme,
        elements::a_quiz_without_scripts_is_a_list_with_its_answers_folded,
        elements::a_phrase_asks_its_lab_for_its_moment_and_brings_it_into_view,
        sharing::a_link_opens_the_same_moment_settings_and_actions,
        sharing::a_bad_link_shows_one_sentence_and_the_page_as_it_is,
        sharing::the_files_and_the_native_command_tell_the_same_run,
        sharing::the_code_that_decided_is_fetched_when_it_is_unfolded,
        sharing::what_is_unfolded_works_by_keyboard_and_axe_finds_nothing,
        sharing::data_of_the_readers_own_is_taken_or_refused_in_a_sentence,
        learning::a_lab_waits_for_a_prediction_and_both_stand_side_by_side,
        learning::not_knowing_opens_the_lab_and_turning_it_is_said,
        learning::a_prediction_stands_where_its_lab_cannot_run,
        learning::a_curve_is_drawn_by_hand_and_by_keyboard,
        learning::a_choice_is_marked_beside_what_happened,
        learning::the_judge_in_the_page_says_what_the_native_one_says,
        learning::a_judgement_can_be_stopped_and_says_where_it_cannot_work,
        progress::what_has_been_done_is_counted_exported_and_cleared,
        progress::an_import_loses_nothing_and_refuses_what_is_not_its_own,
        learning::predictions_and_challenges_stand_without_scripts,
        learning::answered_and_judged_axe_finds_nothing_in_any_theme,
        stage::a_locked_lab_does_nothing_and_says_why,
        stage::a_page_opens_a_lab_where_it_wants_and_is_told_of_moments,
        stage::the_engine_answers_a_page_as_it_does_natively,
        stage::two_settings_are_compared_at_one_moment,
        stage::the_log_tells_why_in_both_runs_by_keyboard,
        stage::a_comparison_fits_a_phone_and_a_wide_page,
        access::axe_finds_nothing_on_any_page_in_any_theme,
    ]
}

/// Those that need nothing but WebDriver, for Firefox; its windows are never as narrow as a phone.
pub(crate) fn in_firefox() -> Vec<Check> {
    checks![
        pages::no_page_complains_or_asks_another_host,
        offline::a_book_opened_from_disk_plays_and_asks_nobody,
        pages::arrow_keys_still_turn_pages_outside_a_lab,
        labs::every_lab_has_the_same_log_in_the_page_as_natively,
        labs::every_lab_comes_alive_plays_and_pauses,
        scheduler::a_recorded_run_plays_beside_the_model_and_nothing_else_is_taken_for_one,
        scheduler::who_runs_next_is_guessed_by_keyboard_and_the_log_says_the_rule,
        scheduler::who_runs_next_follows_what_the_reader_turns_and_hides_what_is_ahead,
        labs::stepping_and_scrubbing_come_back_to_the_same_frame,
        labs::every_lab_works_by_keyboard_alone,
        labs::a_lab_that_waits_goes_on_with_a_choice_and_back_by_keyboard,
        labs::a_lab_off_screen_stops,
        labs::a_lab_follows_the_theme_of_the_book,
        labs::reduced_motion_steps_instead_of_playing,
        elements::a_quiz_answers_at_once_and_explains_every_choice,
        elements::an_answer_is_there_again_after_leaving_the_page,
        elements::a_quiz_works_by_keyboard_alone,
        elements::a_phrase_asks_its_lab_for_its_moment_and_brings_it_into_view,
        sharing::a_link_opens_the_same_moment_settings_and_actions,
        sharing::a_bad_link_shows_one_sentence_and_the_page_as_it_is,
        sharing::the_files_and_the_native_command_tell_the_same_run,
        sharing::the_code_that_decided_is_fetched_when_it_is_unfolded,
        sharing::data_of_the_readers_own_is_taken_or_refused_in_a_sentence,
    ]
}
