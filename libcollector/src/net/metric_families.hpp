// SPDX-License-Identifier: MIT
#pragma once

// Metric families put together one value at a time; every sample carries the label `cluster`.
//
// Ownership: owns what it has collected until take().
// Threads: one.

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <prometheus/metric_family.h>

#include "pap/core/histogram.hpp"

namespace pap::net {

class MetricFamilies {
 public:
  using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

  explicit MetricFamilies(std::string cluster) : cluster_(std::move(cluster)) {}

  // Begins a family; the samples that follow are its own.
  void gauge(std::string_view name, std::string_view help);
  void counter(std::string_view name, std::string_view help);
  void histogram(std::string_view name, std::string_view help);

  void add(double value, Labels labels = {});
  void add(const core::Histogram& histogram);

  // One family with one sample.
  void gauge(std::string_view name, std::string_view help, double value) {
    gauge(name, help);
    add(value);
  }
  void counter(std::string_view name, std::string_view help, double value) {
    counter(name, help);
    add(value);
  }

  std::vector<prometheus::MetricFamily> take() { return std::move(families_); }

 private:
  void begin(std::string_view name, std::string_view help, prometheus::MetricType type);
  prometheus::ClientMetric& sample(Labels labels);

  const std::string cluster_;
  std::vector<prometheus::MetricFamily> families_;
};

}  // namespace pap::net
