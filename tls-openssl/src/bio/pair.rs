//! BIO pairs: what is written to one half is read from the other. Each half writes to a buffer of a fixed size, and
//! tells how much its reader asked for in vain.

use super::{BIO, Behaviour, READ, Room, WRITE, ctrl};
use crate::args::{count, length};
use crate::err::{self, Lib};
use core::cell::{Cell, RefCell};
use core::ffi::{c_char, c_int, c_long, c_void};
use std::rc::Rc;
use zeroize::Zeroizing;

/// Bytes that wait in one direction where a program names no size.
const DEFAULT: usize = 17 * 1024;

/// One direction: a ring of bytes.
struct Way {
    ring: Zeroizing<Vec<u8>>,
    at: usize,
    len: usize,
    /// No more will be written.
    closed: bool,
    /// The reader is gone.
    unread: bool,
    /// What the last read wanted and did not get.
    asked: usize,
}

impl Way {
    /// `None`: there is no memory for so many bytes.
    fn new(size: usize) -> Option<Self> {
        let mut ring = Vec::new();
        ring.try_reserve_exact(size).ok()?;
        ring.resize(size, 0);
        Some(Self {
            ring: Zeroizing::new(ring),
            at: 0,
            len: 0,
            closed: false,
            unread: false,
            asked: 0,
        })
    }

    fn room(&self) -> usize {
        self.ring.len() - self.len
    }

    /// The free bytes that lie together.
    fn free(&mut self) -> &mut [u8] {
        let size = self.ring.len();
        let end = (self.at + self.len) % size;
        let upto = (end + size - self.len).min(size);
        &mut self.ring[end..upto]
    }

    /// The waiting bytes that lie together.
    fn waiting(&mut self) -> &mut [u8] {
        let upto = (self.at + self.len).min(self.ring.len());
        &mut self.ring[self.at..upto]
    }

    fn taken(&mut self, n: usize) {
        self.len -= n;
        self.at = if self.len == 0 {
            0
        } else {
            (self.at + n) % self.ring.len()
        };
    }
}

/// The two directions of a half that has another one.
struct Ways {
    out: Rc<RefCell<Way>>,
    back: Rc<RefCell<Way>>,
}

/// One half of a pair, or none yet.
pub(crate) struct Half {
    size: Cell<usize>,
    ways: RefCell<Option<Ways>>,
}

impl Half {
    pub(crate) const fn new() -> Self {
        Self {
            size: Cell::new(DEFAULT),
            ways: RefCell::new(None),
        }
    }

    fn way(&self, out: bool) -> Option<Rc<RefCell<Way>>> {
        let ways = self.ways.borrow();
        let ways = ways.as_ref()?;
        Some(if out {
            ways.out.clone()
        } else {
            ways.back.clone()
        })
    }

    /// Ends both directions: the other half reads what is there, and then the end.
    fn leave(&self, bio: &BIO) {
        if let Some(ways) = self.ways.take() {
            ways.out.borrow_mut().closed = true;
            ways.back.borrow_mut().unread = true;
        }
        bio.init.set(0);
    }

    fn ask(&self, out: bool, f: impl FnOnce(&mut Way) -> usize) -> c_long {
        let n = self.way(out).map_or(0, |way| f(&mut way.borrow_mut()));
        c_long::try_from(n).unwrap_or(c_long::MAX)
    }

    /// What lies together to be read in place; taken where `take` says so.
    fn read_in_place(&self, bio: &BIO, most: usize, take: bool, ptr: *mut c_void) -> c_long {
        bio.clear_retry();
        let Some(way) = self.way(false) else {
            return -2;
        };
        let mut way = way.borrow_mut();
        if way.len == 0 {
            return if way.closed {
                0
            } else {
                bio.set_retry(READ);
                -1
            };
        }
        let waiting = way.waiting();
        let (start, n) = (waiting.as_mut_ptr(), waiting.len().min(most));
        if !ptr.is_null() {
            // SAFETY: for these commands a place for a pointer.
            unsafe { ptr.cast::<*mut c_char>().write(start.cast()) };
        }
        if take {
            way.taken(n);
        }
        c_long::from(count(n))
    }

    /// Room that lies together to be written in place; counted as written where `take` says so.
    fn write_in_place(&self, bio: &BIO, most: usize, take: bool, ptr: *mut c_void) -> c_long {
        bio.clear_retry();
        let Some(way) = self.way(true) else { return -2 };
        let mut way = way.borrow_mut();
        if way.closed || way.unread {
            err::put(Lib::Bio, err::bio::BROKEN_PIPE, "");
            return -1;
        }
        if way.room() == 0 {
            bio.set_retry(WRITE);
            return -1;
        }
        way.asked = 0;
        let free = way.free();
        let (start, n) = (free.as_mut_ptr(), free.len().min(most));
        if !ptr.is_null() {
            // SAFETY: for these commands a place for a pointer.
            unsafe { ptr.cast::<*mut c_char>().write(start.cast()) };
        }
        if take {
            way.len += n;
        }
        c_long::from(count(n))
    }
}

/// Joins two BIOs of this kind; false, with an error in the queue, where one of them is joined already, or there is no
/// memory.
fn join(one: (&BIO, &Half), other: (&BIO, &Half)) -> bool {
    let joined = |half: &Half| half.ways.borrow().is_some();
    if joined(one.1) || joined(other.1) || core::ptr::eq(one.0, other.0) {
        err::put(Lib::Bio, err::bio::IN_USE, "");
        return false;
    }
    let way = |half: &Half| Some(Rc::new(RefCell::new(Way::new(half.size.get())?)));
    let Some((there, back)) = way(one.1).zip(way(other.1)) else {
        err::put(Lib::Bio, err::MALLOC_FAILURE, "");
        return false;
    };
    *one.1.ways.borrow_mut() = Some(Ways {
        out: there.clone(),
        back: back.clone(),
    });
    *other.1.ways.borrow_mut() = Some(Ways {
        out: back,
        back: there,
    });
    one.0.init.set(1);
    other.0.init.set(1);
    true
}

impl Behaviour for Half {
    fn read(&self, bio: &BIO, room: Room<'_>) -> c_int {
        bio.clear_retry();
        let Some(way) = self.way(false) else { return 0 };
        let mut way = way.borrow_mut();
        way.asked = 0;
        if way.len == 0 {
            if way.closed {
                return 0;
            }
            bio.set_retry(READ);
            way.asked = room.len().min(way.ring.len());
            return -1;
        }
        let mut done = 0;
        while done < room.len() && way.len > 0 {
            let n = length(super::fill(&mut room[done..], way.waiting()));
            way.taken(n);
            done += n;
        }
        count(done)
    }

    fn write(&self, bio: &BIO, bytes: &[u8]) -> c_int {
        bio.clear_retry();
        let Some(way) = self.way(true) else { return 0 };
        let mut way = way.borrow_mut();
        way.asked = 0;
        if way.closed || way.unread {
            err::put(Lib::Bio, err::bio::BROKEN_PIPE, "");
            return -1;
        }
        if way.room() == 0 {
            bio.set_retry(WRITE);
            return -1;
        }
        let mut done = 0;
        while done < bytes.len() && way.room() > 0 {
            let free = way.free();
            let n = free.len().min(bytes.len() - done);
            free[..n].copy_from_slice(&bytes[done..done + n]);
            way.len += n;
            done += n;
        }
        count(done)
    }

    unsafe fn ctrl(&self, bio: &BIO, cmd: c_int, num: c_long, ptr: *mut c_void) -> c_long {
        let most = usize::try_from(num).unwrap_or(0);
        match cmd {
            ctrl::SET_WRITE_BUF_SIZE if self.ways.borrow().is_some() => {
                err::put(Lib::Bio, err::bio::IN_USE, "");
                0
            }
            ctrl::SET_WRITE_BUF_SIZE if most == 0 => {
                err::put(Lib::Bio, err::bio::INVALID_ARGUMENT, "");
                0
            }
            ctrl::SET_WRITE_BUF_SIZE => {
                self.size.set(most);
                1
            }
            ctrl::GET_WRITE_BUF_SIZE => c_long::try_from(self.size.get()).unwrap_or(c_long::MAX),
            ctrl::MAKE_BIO_PAIR => {
                // SAFETY: for this command another BIO.
                let other = unsafe { ptr.cast::<BIO>().as_ref() };
                let Some(other) = other else { return 0 };
                // Another half is this type: its kind says so.
                if other.kind() != super::kind::PAIR {
                    return 0;
                }
                let half = core::ptr::from_ref(&*other.behaviour).cast::<Self>();
                // SAFETY: BIOs of the kind PAIR have this behaviour, and no other (see sources.rs).
                c_long::from(join((bio, self), (other, unsafe { &*half })))
            }
            ctrl::DESTROY_BIO_PAIR => {
                self.leave(bio);
                1
            }
            ctrl::GET_WRITE_GUARANTEE => {
                self.ask(true, |way| if way.closed { 0 } else { way.room() })
            }
            ctrl::GET_READ_REQUEST => self.ask(true, |way| way.asked),
            ctrl::RESET_READ_REQUEST => {
                self.ask(true, |way| core::mem::take(&mut way.asked));
                1
            }
            ctrl::SHUTDOWN_WR => {
                self.ask(true, |way| {
                    way.closed = true;
                    0
                });
                1
            }
            ctrl::NREAD0 => self.read_in_place(bio, usize::MAX, false, ptr),
            ctrl::NREAD => self.read_in_place(bio, most, true, ptr),
            ctrl::NWRITE0 => self.write_in_place(bio, usize::MAX, false, ptr),
            ctrl::NWRITE => self.write_in_place(bio, most, true, ptr),
            ctrl::RESET => {
                self.ask(true, |way| {
                    way.taken(way.len);
                    0
                });
                0
            }
            ctrl::PENDING => self.ask(false, |way| way.len),
            ctrl::WPENDING => self.ask(true, |way| way.len),
            ctrl::EOF => {
                let over = |way: Rc<RefCell<Way>>| {
                    let way = way.borrow();
                    way.closed && way.len == 0
                };
                c_long::from(self.way(false).is_none_or(over))
            }
            _ => super::common(bio, cmd, num),
        }
    }

    fn destroy(&self, bio: &BIO) {
        self.leave(bio);
    }
}
