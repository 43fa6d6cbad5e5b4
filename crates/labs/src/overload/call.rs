//! Calls under way: one for each attempt, and one for each request of a client.

use circuit_breaker::Permit;
use clock::Instant;
use retry::Sleeps;

/// Stands for no call, and for no link.
pub(crate) const NONE: u32 = u32::MAX;

/// How far a call has come at the service that serves it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// It is on its way.
    Coming,
    /// It waits for a place.
    Queued,
    /// The service works on it.
    Worked,
    /// The service waits for somebody else's answer.
    Calling,
    /// The answer is on its way.
    Answered,
    /// No answer will ever come.
    Lost,
}

/// One attempt, or a client's request as a whole.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    /// The client's request it belongs to.
    pub(crate) request: u32,
    /// Tells this call from others that had its place before.
    pub(crate) serial: u32,
    /// The call it serves; [`NONE`] for a client's request.
    pub(crate) holder: u32,
    /// The link it came by; [`NONE`] for a client's request.
    pub(crate) link: u32,
    /// When it was sent.
    pub(crate) sent: Instant,
    /// When it reached its service.
    pub(crate) since: Instant,
    pub(crate) stage: Stage,
    /// Nobody waits for it any more.
    pub(crate) given_up: bool,
    /// Attempts made on its behalf.
    pub(crate) attempts: u32,
    /// The attempt in progress on its behalf.
    pub(crate) child: u32,
    /// What the caller's breaker gave for it.
    pub(super) permit: Option<Permit>,
    /// The place it has within the service's adaptive limit.
    pub(super) place: Option<concurrency_limit::Permit>,
    /// The waits between attempts on its behalf.
    pub(super) sleeps: Option<Sleeps>,
    /// It was not the first attempt.
    pub(super) again: bool,
}

/// All calls; a place is used again when its call is over on both sides.
#[derive(Clone, Debug, Default)]
pub(super) struct Calls {
    places: Vec<Call>,
    free: Vec<u32>,
    serial: u32,
}

impl Calls {
    /// A new call.
    pub(super) fn add(&mut self, request: u32, holder: u32, link: u32, sent: Instant) -> u32 {
        self.serial += 1;
        let call = Call {
            request,
            serial: self.serial,
            holder,
            link,
            sent,
            since: sent,
            stage: Stage::Coming,
            given_up: false,
            attempts: 0,
            child: NONE,
            permit: None,
            place: None,
            sleeps: None,
            again: false,
        };
        if let Some(place) = self.free.pop() {
            self.places[place as usize] = call;
            return place;
        }
        self.places.push(call);
        self.places.len() as u32 - 1
    }

    /// The place can be used again.
    pub(super) fn remove(&mut self, place: u32) {
        self.places[place as usize].serial = 0;
        self.free.push(place);
    }

    pub(super) fn get(&self, place: u32) -> &Call {
        &self.places[place as usize]
    }

    pub(super) fn get_mut(&mut self, place: u32) -> &mut Call {
        &mut self.places[place as usize]
    }

    /// The call is still the one that had this number.
    pub(super) fn is(&self, (place, serial): Key) -> bool {
        self.places[place as usize].serial == serial
    }

    pub(super) fn key(&self, place: u32) -> Key {
        (place, self.get(place).serial)
    }

    /// About how many bytes a copy takes.
    pub(super) fn weight(&self) -> usize {
        self.places.len() * size_of::<Call>()
    }

    /// Places that hold a call, in order.
    pub(super) fn live(&self) -> impl Iterator<Item = (u32, &Call)> {
        (self.places.iter().enumerate())
            .filter(|(_, call)| call.serial != 0)
            .map(|(place, call)| (place as u32, call))
    }
}

/// A call's place and its number.
pub(super) type Key = (u32, u32);
