// SPDX-License-Identifier: MIT
#include "pap/core/delivery.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <optional>

namespace pap::core {
namespace {

using namespace std::chrono_literals;

StationAnswer answer(std::optional<std::uint16_t> status,
                     std::optional<Nanos> retry_after = std::nullopt) {
  return {status, retry_after, "as it was"};
}

TEST(Judge, NoWholeAnswerIsUnavailable) {
  EXPECT_EQ(judge(answer(std::nullopt)), Verdict::kUnavailable);
}

struct Judged {
  std::uint16_t status;
  Verdict verdict;
};

class JudgedStatus : public testing::TestWithParam<Judged> {};

TEST_P(JudgedStatus, MeansWhatTheContractSays) {
  EXPECT_EQ(judge(answer(GetParam().status)), GetParam().verdict) << GetParam().status;
}

INSTANTIATE_TEST_SUITE_P(
    Statuses, JudgedStatus,
    testing::Values(Judged{200, Verdict::kDelivered}, Judged{201, Verdict::kDelivered},
                    Judged{204, Verdict::kDelivered}, Judged{299, Verdict::kDelivered},
                    Judged{400, Verdict::kRefused}, Judged{413, Verdict::kRefused},
                    Judged{422, Verdict::kRefused}, Judged{429, Verdict::kSlowDown},
                    Judged{408, Verdict::kUnavailable}, Judged{500, Verdict::kUnavailable},
                    Judged{503, Verdict::kUnavailable}, Judged{599, Verdict::kUnavailable},
                    Judged{300, Verdict::kMisdirected}, Judged{301, Verdict::kMisdirected},
                    Judged{307, Verdict::kMisdirected}, Judged{401, Verdict::kMisdirected},
                    Judged{403, Verdict::kMisdirected}, Judged{404, Verdict::kMisdirected},
                    Judged{409, Verdict::kMisdirected}, Judged{421, Verdict::kMisdirected},
                    Judged{451, Verdict::kMisdirected}, Judged{199, Verdict::kMisdirected},
                    Judged{600, Verdict::kMisdirected}));

TEST(Judge, RetryAfterIsAPleaToWaitUnlessTheAnswerIsFinal) {
  EXPECT_EQ(judge(answer(503, 30s)), Verdict::kSlowDown);
  EXPECT_EQ(judge(answer(500, 0s)), Verdict::kSlowDown);
  EXPECT_EQ(judge(answer(429, 30s)), Verdict::kSlowDown);
  EXPECT_EQ(judge(answer(404, 30s)), Verdict::kSlowDown);
  EXPECT_EQ(judge(answer(201, 30s)), Verdict::kDelivered);
  EXPECT_EQ(judge(answer(400, 30s)), Verdict::kRefused);
}

TEST(Judge, OnlyDeliveredAndRefusedAreFinal) {
  EXPECT_TRUE(is_final(Verdict::kDelivered));
  EXPECT_TRUE(is_final(Verdict::kRefused));
  EXPECT_FALSE(is_final(Verdict::kSlowDown));
  EXPECT_FALSE(is_final(Verdict::kMisdirected));
  EXPECT_FALSE(is_final(Verdict::kUnavailable));
}

}  // namespace
}  // namespace pap::core
