// SPDX-License-Identifier: MIT
// The collector against a naive one, over stories drawn from seeds (model/story.hpp). The naive one
// is written from the contract alone and shares nothing with the core but its settings.
//
//   PAP_MODEL_STORIES=n   how many stories
//   PAP_MODEL_SEED=n      the first story's seed (1 without it)
#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <string>

#include "support/build_kind.hpp"
#include "unit/core/model/rehearsal.hpp"
#include "unit/core/model/story.hpp"

namespace pap::test {
namespace {

// Some seconds' worth.
constexpr std::uint64_t kStories = kOptimised ? 3000 : kSanitized ? 200 : 500;

std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
  const char* const text = std::getenv(variable);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

TEST(CollectorModel, AgreesWithANaiveCollectorOnEveryStory) {
  const std::uint64_t first = number_from("PAP_MODEL_SEED", 1);
  const std::uint64_t stories = number_from("PAP_MODEL_STORIES", kStories);
  for (std::uint64_t seed = first; seed < first + stories; ++seed) {
    const Story story = draw_story(seed);
    const auto failure = rehearse(story);
    if (!failure) continue;
    const Story shortest = shortened(story);
    const auto last = rehearse(shortest);
    FAIL() << "PAP_MODEL_SEED=" << seed << " PAP_MODEL_STORIES=1, at act " << failure->act << ": "
           << failure->what
           << "\nThe shortest story that fails, with: " << (last ? last->what : failure->what)
           << '\n'
           << shortest.to_text();
  }
}

}  // namespace
}  // namespace pap::test
