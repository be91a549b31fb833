// SPDX-License-Identifier: MIT
#pragma once

// Every limit of net that is not a setting, each with its reason.

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "pap/core/limits.hpp"

namespace pap::net {

// ---- Settings -----------------------------------------------------------------------------

// A flat map of some thirty keys; anything larger is the wrong file.
inline constexpr std::size_t kMaxConfigFileBytes = 64 * 1024;
// Cluster id and name stand in every alert, which must stay under 10 000 bytes.
inline constexpr std::size_t kMaxClusterTextBytes = 256;
// PATH_MAX of Linux.
inline constexpr std::size_t kMaxPathBytes = 4096;
// A secret stands in one header line; the Station's server reads 8 KiB of headers at the least.
inline constexpr std::size_t kMaxSecretBytes = 4096;
// RFC 1035 §2.3.4.
inline constexpr std::size_t kMaxHostBytes = 253;
// RFC 9110 §4.1 recommends that servers take 8000; a Station's address needs far less.
inline constexpr std::size_t kMaxUrlBytes = 2048;

// ---- Logger -------------------------------------------------------------------------------

// Lines that wait while stdout is blocked; beyond it the oldest go. About 3 MiB.
inline constexpr std::size_t kLogQueueLines = 8192;
// How long the end of the process waits for a stdout that does not take what is left.
inline constexpr std::chrono::milliseconds kLogFlushDeadline{1000};
// A repeated failure is one line in this time.
inline constexpr std::chrono::seconds kLogRepeatWindow{60};
// Kinds of repeated failure told apart; whatever comes beyond shares one.
inline constexpr std::size_t kMaxLogRepeatKeys = 256;
// Of one value in a line: agents and the Station choose some of them.
inline constexpr std::size_t kMaxLogValueBytes = 1024;

// ---- Station client -----------------------------------------------------------------------

// From name look-up to the last byte of the answer (contract: Collector -> Station).
inline constexpr std::chrono::milliseconds kStationDeadline{10'000};
// Of an answer, headers and all. Its body is not used but for an excerpt in the log.
inline constexpr std::size_t kMaxStationAnswerBytes = 64 * 1024;
// So that a Station whose name moved to another address is followed within a minute.
inline constexpr std::chrono::seconds kStationConnectionMaxAge{60};
// Between bursts a connection saves a handshake; longer than this it only holds a socket.
inline constexpr std::chrono::seconds kStationConnectionMaxIdle{30};
// As many as the core has posts in flight.
inline constexpr std::size_t kMaxIdleStationConnections = 32;
// One for a slash, one for a moved path, one to spare; more is a loop.
inline constexpr int kMaxStationRedirects = 3;
// Interim answers (1xx) before the real one; more is a server gone wrong.
inline constexpr int kMaxStationInterimAnswers = 8;
// Of the Station's answer in the reason of a refusal: enough for {"error": …}.
inline constexpr std::size_t kStationExcerptBytes = 200;
// One address that swallows packets must leave time for the others; no attempt is shorter.
inline constexpr std::chrono::milliseconds kMinConnectAttempt{250};
// Longer than any pause that the core takes from Retry-After, and far from overflow.
inline constexpr std::chrono::hours kMaxRetryAfter{24};

// ---- Health probe -------------------------------------------------------------------------

// Docker gives a check 30 s; a collector that takes a tenth of that is not well.
inline constexpr std::chrono::seconds kHealthDeadline{3};

static_assert(kStationConnectionMaxIdle <= kStationConnectionMaxAge);
static_assert(kMinConnectAttempt < kStationDeadline);

// ---- Server -------------------------------------------------------------------------------

// Beyond MAX_CONNECTIONS this many are still accepted, to hear heartbeats, to answer /health and
// /ready, and to tell the others 503 instead of leaving them in the dark. Then accepting waits.
inline constexpr std::size_t kConnectionReserve = 64;
// From this share of MAX_CONNECTIONS on, answers say `Connection: close`.
inline constexpr std::size_t kPressurePercent = 90;
// A request may be so far behind its connection when we stop: a client's turn, and a way or two.
inline constexpr std::chrono::seconds kFirstRequest{1};
// Descriptors that connections leave to everything else: the Station, the log, /proc.
inline constexpr std::size_t kReservedDescriptors = 128;
// A connection without a request is kept back by the kernel for about this long.
inline constexpr int kDeferAcceptSeconds = 1;
// Connections accepted for one wake-up. One, so that those already here get their turn; and it is
// the cheapest, saturated or not (docs/performance.md).
inline constexpr int kAcceptsPerWake = 1;
// … while a list, a tick or a burst of alerts is worked off in slices: each of those has wake-ups
// of its own, and heartbeats come first.
inline constexpr int kAcceptsBetweenSlices = 32;
// … and of those that the kernel had already accepted when the listener closes: more than any
// backlog that kernels are set to, and an end for an accept() that only ever fails.
inline constexpr int kAcceptsAtClose = 65'536;
// Accepting is tried again after this when descriptors ran out and none came back.
inline constexpr std::chrono::milliseconds kAcceptRetry{100};
// Read buffer of a connection to begin with: a heartbeat of Node's fetch has 334 bytes.
inline constexpr std::size_t kReadBufferBytes = 1024;
// Connections whose memory waits for the next ones: more would only help a burst of them.
inline constexpr std::size_t kSpareBlocks = 64;
// Of a waiting read or write: what Asio keeps of it, with room to spare.
inline constexpr std::size_t kHandlerBytes = 256;
// Beyond the limits of header and body, for chunk sizes and line ends.
inline constexpr std::size_t kFramingBytes = 4096;
// Answers to pipelined requests are written together, up to about this much.
inline constexpr std::size_t kWriteBatchBytes = 64 * 1024;
// Node's fetch gives a connection up 4 s after an answer, or 1 to 2 s before the answer's
// `Keep-Alive: timeout=` has run out. So with this much of it an agent in EMERGENCY, which comes
// again after 5 s and its jitter, finds its connection open: a heartbeat costs half of what it
// does on a fresh one that we close. (docs/performance.md)
inline constexpr std::chrono::seconds kKeptFor{10};
// Whoever beats again later than this would not find it open.
inline constexpr std::chrono::milliseconds kLongestKeptInterval{7'000};
// We keep one for this much longer than we promised, so that it is the client who closes it.
inline constexpr std::chrono::seconds kKeptMargin{5};
// Connections kept so. Each takes 2 KiB of ours and 4 of the kernel's, and the container pays for
// both: 60 MB of the 256 MiB in our manifests. Beyond it they are closed with the answer.
inline constexpr std::size_t kMaxKept = 10'000;
// A long list goes in pieces of this size at the least; one that fits into one has a
// Content-Length.
inline constexpr std::size_t kListPieceBytes = 64 * 1024;
// Lists on their way at a time, and answers that wait for their clients to take them: each holds a
// piece of up to some 190 KiB, and a list takes its slices between heartbeats.
inline constexpr std::size_t kMostLists = 32;
inline constexpr std::size_t kMostUnread = 256;
// A client that takes nothing for this long has gone.
inline constexpr std::chrono::seconds kWriteTimeout{30};
// After an early refusal the rest of the request is read and thrown away for this long, so that
// the client gets to see the answer instead of a reset.
inline constexpr std::chrono::seconds kDiscardTime{5};
// Connections past their time are looked for this often.
inline constexpr std::chrono::seconds kSweepEvery{1};
// … and closed so many at a time: of a fleet that went away, thousands are due in one second.
inline constexpr std::size_t kOverdueSlice = 32;
// What a 503 advises, in seconds.
inline constexpr int kRetryAfterSeconds = 5;
// `limit` of GET /agents and GET /alerts.
inline constexpr std::size_t kMaxListLimit = 1'000'000;
inline constexpr std::size_t kDefaultAlertRows = 100;

// ---- Observers ----------------------------------------------------------------------------

// A client has nothing to say but {"type":"ping"}.
inline constexpr std::size_t kMaxObserverMessageBytes = 4096;
inline constexpr std::chrono::seconds kObserverHandshake{10};
// Beast pings at half of this, and lets go of whoever has not answered by the whole.
inline constexpr std::chrono::seconds kObserverIdle{60};
// Answers to an observer's pings that wait; further pings are passed over.
inline constexpr std::size_t kMostPongs = 16;
// 16 bytes in base64 (RFC 6455 §4.1).
inline constexpr std::size_t kWebSocketKeyBytes = 24;
// RFC 6455 §7.4.2, private use.
inline constexpr std::uint16_t kCloseAgentIdRequired = 4000;

// ---- Driver -------------------------------------------------------------------------------

// Ticks are at least this far apart: a death is not worth more wake-ups than that.
inline constexpr std::chrono::milliseconds kShortestTick{5};
// A tick later than this counts as late.
inline constexpr std::chrono::milliseconds kLateTick{250};
// Alerts handed to the Station client in one turn; the next ones after whatever waits elsewhere.
inline constexpr std::size_t kPostsSlice = 8;
// Observers written to in one turn, likewise.
inline constexpr std::size_t kObserversSlice = 32;
// So many lines of log are written by the call that brought them, instead of being left to a turn
// of their own.
inline constexpr std::size_t kLogLinesAtOnce = 100;
// … so that one turn has no more than this: what waited, and two for each unit of a tick.
inline constexpr std::size_t kLogLinesSlice = 2 * kLogLinesAtOnce + 2 * core::kSliceUnits;

}  // namespace pap::net
