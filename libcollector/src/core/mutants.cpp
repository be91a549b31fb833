// SPDX-License-Identifier: MIT
#include "core/mutants.hpp"

namespace pap::core {

#ifdef PAP_MUTANTS
namespace {
const MutantInfo* the_planted = nullptr;
}  // namespace

void plant(const MutantInfo* mutant) { the_planted = mutant; }

bool planted(Mutant mutant) { return the_planted != nullptr && the_planted->mutant == mutant; }
#endif

}  // namespace pap::core
