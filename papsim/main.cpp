// SPDX-License-Identifier: MIT

#include "papsim/commands/command.hpp"

int main(int argc, char** argv) { return pap::sim::run_papsim(argc, argv); }
