//! Blocks whose threads wait for each other: every thread is a coroutine, and a scheduler runs each of them until it waits
//! or ends.
//!
//! Between two meetings the threads run in an order of chance, another one each time and the same in every run of the
//! program: what depends on the order, because a barrier is missing, comes out wrong.

use std::cell::RefCell;
use std::ffi::c_void;

use corosensei::stack::DefaultStack;
use corosensei::{Coroutine, CoroutineResult, Yielder};

use super::abi::{Block, Dim, Exchange, Thread};
use super::report::{die, die_at};
use super::warp::{self, Kind};

/// Room for the variables of a kernel and of what it calls. Pages that are not touched cost nothing.
const STACK: usize = 128 << 10;

thread_local! {
    /// Stacks of threads that have ended.
    static STACKS: RefCell<Vec<DefaultStack>> = const { RefCell::new(Vec::new()) };
}

/// What a thread waits for.
#[derive(Clone, Copy)]
enum Wait {
    Barrier(Arrival),
    Warp(Exchange),
}

/// A thread at a barrier.
#[derive(Clone, Copy)]
struct Arrival {
    site: u32,
    id: u32,
    /// How many threads it is for; zero for all of the block.
    threads: u32,
    reduction: u32,
    predicate: bool,
}

/// What a thread is told when it goes on.
#[derive(Clone, Copy, Default)]
struct Answer {
    result: u64,
    predicate: u32,
}

type Strand = Coroutine<Answer, Wait, (), DefaultStack>;

enum State {
    /// Goes on with an answer.
    Ready(Answer),
    Waiting(Wait),
    Ended,
}

struct Member {
    thread: Box<Thread>,
    strand: Option<Strand>,
    state: State,
}

/// Runs all threads of a block.
pub(super) fn run(block: &mut Block, kernel: unsafe extern "C" fn(*mut Thread), seed: u64) {
    let count = block.size.count();
    let mut members: Vec<Member> =
        (0..count).map(|number| member(block, kernel, block.size.at(number))).collect();
    let mut order: Vec<usize> = (0..members.len()).collect();
    let mut chance = Chance(seed);
    loop {
        chance.shuffle(&mut order);
        for &number in &order {
            step(block, &mut members[number]);
        }
        if members.iter().all(|member| matches!(member.state, State::Ended)) {
            break;
        }
        if !meet_in_warps(&mut members) && !meet_at_barriers(&mut members) {
            explain(&members);
        }
    }
    block.current = std::ptr::null();
    let stacks = members.into_iter().filter_map(|member| member.strand).map(Strand::into_stack);
    STACKS.with_borrow_mut(|pool| pool.extend(stacks));
}

fn member(block: &mut Block, kernel: unsafe extern "C" fn(*mut Thread), index: Dim) -> Member {
    let mut thread = Box::new(Thread { index, block, coroutine: std::ptr::null() });
    let own: *mut Thread = &mut *thread;
    let stack = STACKS.with_borrow_mut(Vec::pop);
    let stack = match stack.map_or_else(|| DefaultStack::new(STACK), Ok) {
        Ok(stack) => stack,
        Err(error) => die(&format!("no stack for a thread: {error}")),
    };
    let strand = Coroutine::with_stack(stack, move |yielder: &Yielder<Answer, Wait>, _| {
        // SAFETY: the thread is kept in its box until its coroutine has ended, and nothing else refers to it
        // while the coroutine runs. The kernel is one of a translated module, which its launch keeps loaded.
        unsafe {
            (*own).coroutine = std::ptr::from_ref(yielder).cast::<c_void>();
            kernel(own);
        }
    });
    Member { thread, strand: Some(strand), state: State::Ready(Answer::default()) }
}

/// Runs a thread, if it can, until it waits or ends.
fn step(block: &mut Block, member: &mut Member) {
    let State::Ready(answer) = member.state else { return };
    let Some(strand) = &mut member.strand else { return };
    block.current = &*member.thread;
    member.state = match strand.resume(answer) {
        CoroutineResult::Yield(wait) => State::Waiting(wait),
        CoroutineResult::Return(()) => State::Ended,
    };
}

/// Lets lanes go on that all wait for each other. Says whether there were any.
fn meet_in_warps(members: &mut [Member]) -> bool {
    let mut any = false;
    for warp in members.chunks_mut(32) {
        for lane in 0..warp.len() {
            let State::Waiting(Wait::Warp(first)) = warp[lane].state else { continue };
            if first.mask >> lane & 1 == 0 {
                die_at(warp[lane].thread.index, "a lane meets others by a mask that it is not in");
            }
            let group = group(warp, &first);
            // What is active is found out, and not asked for.
            let expected = match Kind::of(&first) {
                Kind::Active => present(&group),
                _ => first.mask & existing(warp.len()),
            };
            if present(&group) != expected {
                continue;
            }
            any = true;
            let mut lanes = group;
            warp::resolve(&mut lanes);
            for (member, exchange) in warp.iter_mut().zip(lanes) {
                if let Some(Exchange { result, predicate, .. }) = exchange {
                    member.state = State::Ready(Answer { result, predicate });
                }
            }
        }
    }
    any
}

/// The lanes that wait in the same place for the same mask, and for no other lanes.
fn group(warp: &[Member], first: &Exchange) -> [Option<Exchange>; 32] {
    std::array::from_fn(|lane| match warp.get(lane)?.state {
        State::Waiting(Wait::Warp(other))
            if (other.kind, other.site, other.mask) == (first.kind, first.site, first.mask)
                && first.mask >> lane & 1 == 1 =>
        {
            Some(other)
        }
        _ => None,
    })
}

fn present(group: &[Option<Exchange>; 32]) -> u32 {
    group.iter().enumerate().fold(0, |bits, (lane, exchange)| bits | u32::from(exchange.is_some()) << lane)
}

/// The lanes of a warp that may be smaller than others; a mask may name those that never were.
fn existing(lanes: usize) -> u32 {
    if lanes >= 32 { !0 } else { (1 << lanes) - 1 }
}

/// Opens the barriers that all threads have reached. Says whether there were any.
fn meet_at_barriers(members: &mut [Member]) -> bool {
    let living = members.iter().filter(|member| !matches!(member.state, State::Ended)).count();
    let mut any = false;
    for id in 0..16 {
        let here = |member: &Member| match member.state {
            State::Waiting(Wait::Barrier(arrival)) if arrival.id == id => Some(arrival),
            _ => None,
        };
        let arrivals: Vec<(Dim, Arrival)> = members
            .iter()
            .filter_map(|member| here(member).map(|arrival| (member.thread.index, arrival)))
            .collect();
        let Some((_, first)) = arrivals.first().copied() else { continue };
        let expected = if first.threads == 0 { living } else { first.threads as usize };
        if arrivals.len() < expected {
            continue;
        }
        if let Some((index, _)) = arrivals.iter().find(|(_, other)| other.site != first.site) {
            die_at(*index, "threads of one block wait at barriers in different places of the code");
        }
        any = true;
        let true_ones = arrivals.iter().filter(|(_, arrival)| arrival.predicate).count();
        let result = match first.reduction {
            1 => true_ones as u64,
            2 => u64::from(true_ones == arrivals.len()),
            3 => u64::from(true_ones > 0),
            _ => 0,
        };
        for member in members.iter_mut() {
            if here(member).is_some() {
                member.state = State::Ready(Answer { result, predicate: 0 });
            }
        }
    }
    any
}

/// Nobody can go on: says who waits for what, and ends the program.
fn explain(members: &[Member]) -> ! {
    let count = |holds: fn(&State) -> bool| members.iter().filter(|member| holds(&member.state)).count();
    let barrier = count(|state| matches!(state, State::Waiting(Wait::Barrier(_))));
    let warp = count(|state| matches!(state, State::Waiting(Wait::Warp(_))));
    let ended = count(|state| matches!(state, State::Ended));
    let waits = members.iter().find(|member| matches!(member.state, State::Waiting(_)));
    let message = format!(
        "deadlock: {barrier} threads wait at a barrier, {warp} for lanes of their warp, and {ended} have ended"
    );
    match waits {
        Some(member) => die_at(member.thread.index, &message),
        None => die(&message),
    }
}

/// The service of barriers.
pub(super) unsafe extern "C" fn barrier(
    thread: *mut Thread,
    site: u32,
    id: u32,
    threads: u32,
    reduction: u32,
    predicate: u32,
) -> u32 {
    if id > 15 {
        die(&format!("there is no barrier {id}"));
    }
    let arrival = Arrival { site, id, threads, reduction, predicate: predicate != 0 };
    // SAFETY: kernels hand back the thread that they were called with.
    unsafe { suspend(thread, Wait::Barrier(arrival)) }.result as u32
}

/// The service of exchanges within a warp.
pub(super) unsafe extern "C" fn exchange(thread: *mut Thread, exchange: *mut Exchange) {
    // SAFETY: kernels hand over an exchange of their own, and the thread that they were called with.
    unsafe {
        let answer = suspend(thread, Wait::Warp(*exchange));
        (*exchange).result = answer.result;
        (*exchange).predicate = answer.predicate;
    }
}

/// # Safety
/// The thread is the one that runs, and a coroutine.
unsafe fn suspend(thread: *mut Thread, wait: Wait) -> Answer {
    // SAFETY: the yielder lives as long as its coroutine, which is the one that runs.
    let yielder = unsafe { &*(*thread).coroutine.cast::<Yielder<Answer, Wait>>() };
    yielder.suspend(wait)
}

/// Numbers that look like chance: xorshift, after a start that spreads the seed.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut x = self.0;
        x = (x ^ x >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        x = (x ^ x >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        x ^ x >> 31
    }

    fn shuffle(&mut self, order: &mut [usize]) {
        for end in (1..order.len()).rev() {
            order.swap(end, (self.next() % (end as u64 + 1)) as usize);
        }
    }
}
