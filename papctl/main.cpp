// SPDX-License-Identifier: MIT

#include "papctl/commands/command.hpp"

int main(int argc, char** argv) { return pap::ctl::run_papctl(argc, argv); }
