//! Blocks whose threads wait for each other: every thread is a coroutine, and a scheduler runs each of them until it waits
//! or ends.
//!
//! Between two meetings the threads run in an order of chance, one of several each time and the same in every run of the
//! program: what depends on the order, because a barrier is missing, comes out wrong.

use std::cell::RefCell;
use std::ffi::c_void;

use corosensei::stack::{DefaultStack, Stack, StackPointer};
use corosensei::{Coroutine, CoroutineResult, Yielder};

use super::abi::{Block, Dim, Exchange, Thread};
use super::report::{die, die_at};
use super::warp::{self, Kind};

/// Room for the variables of a kernel and of what it calls. Pages that are not touched cost nothing.
const STACK: usize = 128 << 10;

/// How many orders of the threads there are to choose from.
const ORDERS: usize = 8;

thread_local! {
    /// Stacks that no team uses at the moment.
    static STACKS: RefCell<Vec<Room>> = const { RefCell::new(Vec::new()) };
}

/// The stack of a thread. It begins a little further down than that of its neighbour: at equal places of their pages the
/// variables of all threads would push each other out of the processor's caches.
struct Room {
    stack: DefaultStack,
    shift: usize,
}

impl Room {
    fn new(number: usize) -> Room {
        match DefaultStack::new(STACK) {
            Ok(stack) => Room { stack, shift: number * 448 % 4096 },
            Err(error) => die(&format!("no stack for a thread: {error}")),
        }
    }
}

// SAFETY: a part of a stack that is one, with the same end and a beginning that is a multiple of 64 bytes below.
unsafe impl Stack for Room {
    fn base(&self) -> StackPointer {
        let base = self.stack.base();
        StackPointer::new(base.get() - self.shift).unwrap_or(base)
    }

    fn limit(&self) -> StackPointer {
        self.stack.limit()
    }
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

type Strand = Coroutine<Answer, Wait, (), Room>;

#[derive(Clone, Copy)]
enum State {
    /// Goes on with an answer.
    Ready(Answer),
    Waiting(Wait),
    Ended,
}

/// A thread as the scheduler sees it; it has a stack or, while its block runs, a strand.
struct Member {
    index: Dim,
    stack: Option<Room>,
    strand: Option<Strand>,
    state: State,
}

/// The threads of a block, which run all blocks of a launch one after the other.
pub(super) struct Team {
    members: Vec<Member>,
    /// What kernels know of themselves, at an address that stays.
    threads: Vec<Thread>,
    orders: Vec<Vec<u32>>,
}

impl Team {
    /// For blocks of a size.
    pub(super) fn new(size: Dim) -> Team {
        let count = size.count() as usize;
        let member = |number: usize| {
            let stack = STACKS.with_borrow_mut(Vec::pop).unwrap_or_else(|| Room::new(number));
            let (index, state) = (size.at(number as u64), State::Ended);
            Member { index, stack: Some(stack), strand: None, state }
        };
        let members: Vec<Member> = (0..count).map(member).collect();
        let thread = |member: &Member| Thread {
            index: member.index,
            block: std::ptr::null_mut(),
            coroutine: std::ptr::null(),
        };
        let threads = members.iter().map(thread).collect();
        let mut chance = Chance(count as u64);
        let mut order: Vec<u32> = (0..count as u32).collect();
        let mut next = || {
            chance.shuffle(&mut order);
            order.clone()
        };
        Team { members, threads, orders: (0..ORDERS).map(|_| next()).collect() }
    }

    /// Runs all threads of a block.
    pub(super) fn run(&mut self, block: &mut Block, kernel: unsafe extern "C" fn(*mut Thread), seed: u64) {
        let own: *mut Block = block;
        for (member, thread) in self.members.iter_mut().zip(&mut self.threads) {
            thread.block = own;
            member.begin(thread, kernel);
        }
        let mut chance = Chance(seed);
        loop {
            let order = &self.orders[chance.next() as usize % ORDERS];
            for &number in order {
                let number = number as usize;
                if let State::Ready(answer) = self.members[number].state {
                    block.current = &self.threads[number];
                    self.members[number].go_on(answer);
                }
            }
            let waits = Waits::of(&self.members);
            if waits.none() {
                break;
            }
            let met = (waits.warps && meet_in_warps(&mut self.members))
                || meet_at_barriers(&mut self.members, waits);
            if !met {
                explain(&self.members);
            }
        }
        block.current = std::ptr::null();
    }
}

impl Drop for Team {
    fn drop(&mut self) {
        let stacks = self.members.drain(..).filter_map(|member| member.stack);
        STACKS.with_borrow_mut(|pool| pool.extend(stacks));
    }
}

impl Member {
    fn begin(&mut self, thread: *mut Thread, kernel: unsafe extern "C" fn(*mut Thread)) {
        let Some(stack) = self.stack.take() else { return };
        let body = move |yielder: &Yielder<Answer, Wait>, _| {
            // SAFETY: the team keeps the thread where it is until the coroutine has ended, and the kernel is one of a
            // module that its launch keeps loaded.
            unsafe {
                (*thread).coroutine = std::ptr::from_ref(yielder).cast::<c_void>();
                kernel(thread);
            }
        };
        self.strand = Some(Coroutine::with_stack(stack, body));
        self.state = State::Ready(Answer::default());
    }

    /// Runs until it waits or ends.
    fn go_on(&mut self, answer: Answer) {
        let Some(strand) = &mut self.strand else { return };
        self.state = match strand.resume(answer) {
            CoroutineResult::Yield(wait) => State::Waiting(wait),
            CoroutineResult::Return(()) => State::Ended,
        };
        if let State::Ended = self.state {
            self.stack = self.strand.take().map(Strand::into_stack);
        }
    }
}

/// What the threads of a block wait for, all together.
#[derive(Clone, Copy)]
struct Waits {
    warps: bool,
    /// The barriers, a bit each.
    barriers: u32,
    /// Threads that have not ended.
    living: usize,
}

impl Waits {
    fn of(members: &[Member]) -> Waits {
        let mut waits = Waits { warps: false, barriers: 0, living: 0 };
        for member in members {
            match &member.state {
                State::Waiting(Wait::Barrier(arrival)) => waits.barriers |= 1 << arrival.id,
                State::Waiting(Wait::Warp(_)) => waits.warps = true,
                State::Ready(_) => {}
                State::Ended => continue,
            }
            waits.living += 1;
        }
        waits
    }

    fn none(self) -> bool {
        self.living == 0
    }
}

/// Lets lanes go on that all wait for each other. Says whether there were any.
fn meet_in_warps(members: &mut [Member]) -> bool {
    let mut any = false;
    for warp in members.chunks_mut(32) {
        for lane in 0..warp.len() {
            let State::Waiting(Wait::Warp(first)) = warp[lane].state else { continue };
            if first.mask >> lane & 1 == 0 {
                die_at(warp[lane].index, "a lane meets others by a mask that it is not in");
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
fn meet_at_barriers(members: &mut [Member], waits: Waits) -> bool {
    let mut any = false;
    for id in (0..16).filter(|id| waits.barriers >> id & 1 == 1) {
        let here = |member: &Member| match member.state {
            State::Waiting(Wait::Barrier(arrival)) if arrival.id == id => Some(arrival),
            _ => None,
        };
        let Some(first) = members.iter().find_map(here) else { continue };
        let (mut count, mut holding, mut elsewhere) = (0, 0, None);
        for member in members.iter() {
            if let Some(arrival) = here(member) {
                count += 1;
                holding += usize::from(arrival.predicate);
                if arrival.site != first.site {
                    elsewhere = Some(member.index);
                }
            }
        }
        let expected = if first.threads == 0 { waits.living } else { first.threads as usize };
        if count < expected {
            continue;
        }
        if let Some(index) = elsewhere {
            die_at(index, "threads of one block wait at barriers in different places of the code");
        }
        any = true;
        let result = match first.reduction {
            1 => holding as u64,
            2 => u64::from(holding == count),
            3 => u64::from(holding > 0),
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
        Some(member) => die_at(member.index, &message),
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

    fn shuffle(&mut self, order: &mut [u32]) {
        for end in (1..order.len()).rev() {
            order.swap(end, (self.next() % (end as u64 + 1)) as usize);
        }
    }
}
