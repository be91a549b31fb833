// SPDX-License-Identifier: MIT
#include "net/metric_families.hpp"

#include <chrono>
#include <limits>

namespace pap::net {

using prometheus::MetricType;

void MetricFamilies::begin(std::string_view name, std::string_view help, MetricType type) {
  prometheus::MetricFamily family;
  family.name = "pap_collector_" + std::string{name};
  family.help = help;
  family.type = type;
  families_.push_back(std::move(family));
}

void MetricFamilies::gauge(std::string_view name, std::string_view help) {
  begin(name, help, MetricType::Gauge);
}

void MetricFamilies::counter(std::string_view name, std::string_view help) {
  begin(name, help, MetricType::Counter);
}

void MetricFamilies::histogram(std::string_view name, std::string_view help) {
  begin(name, help, MetricType::Histogram);
}

prometheus::ClientMetric& MetricFamilies::sample(Labels labels) {
  auto& metric = families_.back().metric.emplace_back();
  metric.label.push_back({"cluster", cluster_});
  for (const auto& [name, value] : labels) {
    metric.label.push_back({std::string{name}, std::string{value}});
  }
  return metric;
}

void MetricFamilies::add(double value, Labels labels) {
  const bool is_gauge = families_.back().type == MetricType::Gauge;
  prometheus::ClientMetric& metric = sample(labels);
  if (is_gauge) {
    metric.gauge.value = value;
  } else {
    metric.counter.value = value;
  }
}

void MetricFamilies::add(const core::Histogram& histogram) {
  prometheus::ClientMetric& metric = sample({});
  metric.histogram.sample_count = histogram.count();
  metric.histogram.sample_sum = std::chrono::duration<double>(histogram.sum()).count();
  std::uint64_t cumulative = 0;
  for (std::size_t i = 0; i < core::Histogram::kBoundsMs.size(); ++i) {
    cumulative += histogram.in_bucket(i);
    metric.histogram.bucket.push_back(
        {cumulative, static_cast<double>(core::Histogram::kBoundsMs[i]) / 1000});
  }
  metric.histogram.bucket.push_back({histogram.count(), std::numeric_limits<double>::infinity()});
}

}  // namespace pap::net
