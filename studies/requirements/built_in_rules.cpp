/// The published rules. Values and their confidence: docs/requirements.md.
#include <cmath>
#include <tuple>

#include "studies/requirements/rule.hpp"

namespace ballast {
namespace {

using Kind = VariationLimit::Kind;

constexpr const char* kSecondary = "secondary: a public list whose author read the primary text";
constexpr const char* kList = "secondary: a public list";
constexpr const char* kConference =
    "secondary: Zahedi, Zamani, Anilkumar, CIGRE USNC 2025 (arXiv 2601.12686)";

VariationLimit ramp(const char* name, double MW_per_min, double window_s, int direction = 0) {
  VariationLimit limit;
  limit.kind = Kind::RAMP;
  limit.name = name;
  limit.most = MW_per_min;
  limit.window_s = window_s;
  limit.direction = direction;
  limit.note = "means over 60 s, one window apart";
  return limit;
}
VariationLimit span(const char* name, double MW, double window_s, const char* note) {
  VariationLimit limit;
  limit.kind = Kind::SPAN;
  limit.name = name;
  limit.most = MW;
  limit.window_s = window_s;
  limit.note = note;
  return limit;
}
VariationLimit band(const char* name, double MW, double low_Hz, double high_Hz, double window_s,
                    const char* note) {
  VariationLimit limit;
  limit.kind = Kind::BAND;
  limit.name = name;
  limit.most = MW;
  limit.f_low_Hz = low_Hz;
  limit.f_high_Hz = high_Hz;
  limit.window_s = window_s;
  limit.note = note;
  return limit;
}
VariationLimit fluctuation(const char* name, double pu, const char* note) {
  VariationLimit limit;
  limit.kind = Kind::VOLTAGE_FLUCTUATION;
  limit.name = name;
  limit.most = pu;
  limit.window_s = 1;
  limit.note = note;
  return limit;
}

/// The frequency range that most North American drafts share.
void add_frequency(RideThrough& r) {
  r.low_frequency = {{58.8, 299}, {57.0, 0}};
  r.high_frequency = {{61.2, 299}, {61.8, 0}};
}

Rule ride_through_rule(const char* name, const char* title, const char* source, const char* confidence,
                       RideThrough r) {
  Rule rule;
  rule.name = name;
  rule.title = title;
  rule.source = source;
  rule.confidence = confidence;
  rule.ride_through = std::move(r);
  return rule;
}
Rule variation_rule(const char* name, const char* title, const char* source, const char* confidence,
                    std::vector<VariationLimit> limits) {
  Rule rule;
  rule.name = name;
  rule.title = title;
  rule.source = source;
  rule.confidence = confidence;
  rule.variation = std::move(limits);
  return rule;
}

std::vector<Rule> large_load_rules() {
  std::vector<Rule> rules;
  {
    RideThrough r;
    r.low_voltage = {{0.9, 2.0}, {0.8, 0.5}, {0.5, 0.25}, {0.2, 0.15}};
    r.high_voltage = {{1.1, 2.0}, {1.2, 0}};
    add_frequency(r);
    r.recovery = Recovery{0.9, kForever, 2.0, 0.9, 1.1};
    r.counting_prohibited = true;
    rules.push_back(ride_through_rule(
        "ercot-nogrr-282", "ERCOT NOGRR 282, large electronic loads of 75 MW and more",
        "ERCOT board item 6.2 of Dec 2025 and SPWG slides of Feb 2026; approved July 2026", kSecondary, r));
  }
  {
    RideThrough r;
    r.low_voltage = {{0.9, 6.0}, {0.7, 3.0}, {0.5, 1.2}, {0.25, 0.15}};
    r.high_voltage = {{1.1, 2.0}};
    add_frequency(r);
    r.recovery = Recovery{0.9, kForever, 3.0, 0.9, 1.1};
    rules.push_back(ride_through_rule("caiso-straw-proposal", "CAISO straw proposal, large loads",
                                      "CAISO straw proposal of 15 Jun 2026", kSecondary, r));
  }
  {
    RideThrough r;
    r.low_voltage = {{0.9, 0.15}, {0.5, 0}};
    r.high_voltage = {{1.1, 1.0}, {1.2, 0}};
    add_frequency(r);
    Rule rule = ride_through_rule("spp-hill", "SPP, high-impact large loads of 50 MW and more",
                                  "over-voltage after IEEE 2800, from memory", kConference, r);
    rules.push_back(std::move(rule));
  }
  {
    RideThrough r;
    r.rocof_Hz_per_s = 5.0;
    r.recovery = Recovery{0.9, kForever, 1.0, 0.9, 1.1};
    Rule rule = ride_through_rule(
        "ieso-large-load", "IESO large computing loads, version 3.0",
        "IESO, 3 Sep 2026; no voltage-time table is known to us, the share of 90 % is ours", kSecondary, r);
    rule.variation = {ramp("ramp", 20, 60), span("change in 15 s", 5, 15, "greatest less least within 15 s"),
                      band("oscillation", 5, 0.1, 55, 5, "plus or minus 2.5 MW; band and window are ours")};
    rule.variation.back().most_of_peak = 0.005;
    rules.push_back(std::move(rule));
  }
  {
    RideThrough r;
    r.rocof_Hz_per_s = 1.0;
    r.rocof_window_s = 0.5;
    r.recovery = Recovery{0.9, kForever, 0.5, 0.9, 1.1};
    Rule rule = ride_through_rule("eirgrid-mpid-345", "EirGrid MPID 345, demand facilities",
                                  "EirGrid; its voltage-time profile is a figure whose points we do not have",
                                  kSecondary, r);
    rule.frequency_Hz = 50;
    rules.push_back(std::move(rule));
  }
  for (const auto& [name, title, within_s] :
       {std::tuple{"aemc-automatic", "AEMC draft, automatic standard, 30 MW and more", 0.5},
        std::tuple{"aemc-minimum", "AEMC draft, minimum standard, 30 MW and more", 1.0}}) {
    RideThrough r;
    r.recovery = Recovery{0.9, 1.1, within_s, 0.9, 1.1};
    Rule rule = ride_through_rule(
        name, title, "AEMC draft of 12 Mar 2026; no voltage-time table is known to us", kSecondary, r);
    rule.frequency_Hz = 50;
    rules.push_back(std::move(rule));
  }
  return rules;
}

std::vector<Rule> generator_rules() {
  std::vector<Rule> rules;
  RideThrough voltage;  // PRC-024-3, attachment 2
  voltage.low_voltage = {{0.9, 3.0}, {0.75, 2.0}, {0.65, 0.3}, {0.45, 0.15}};
  voltage.high_voltage = {{1.1, 1.0}, {1.15, 0.5}, {1.175, 0.2}, {1.2, 0}};
  const char* const source = "NERC PRC-024-3, attachments 1 and 2";
  const char* const confidence = "two public transcriptions that agree on the voltage table";
  const auto add = [&](const char* name, const char* title, std::vector<Step> low, std::vector<Step> high) {
    RideThrough r = voltage;
    r.low_frequency = std::move(low);
    r.high_frequency = std::move(high);
    rules.push_back(ride_through_rule(name, title, source, confidence, r));
  };
  std::vector<Step> low, high;  // the curves of attachment 1, every 0.05 Hz
  for (int k = 0; k <= 34; ++k)
    low.push_back({59.5 - 0.05 * k, std::pow(10, 1.7373 * (59.5 - 0.05 * k) - 100.116)});
  for (int k = 0; k <= 34; ++k)
    high.push_back({60.5 + 0.05 * k, std::pow(10, 90.935 - 1.45713 * (60.5 + 0.05 * k))});
  low.push_back({57.8 - 1e-9, 0});
  high.push_back({62.2 + 1e-9, 0});
  add("prc-024-3-eastern", "PRC-024-3, Eastern Interconnection (frequency curves from memory)", low, high);
  add("prc-024-3-wecc", "PRC-024-3, Western Interconnection",
      {{59.4, 180}, {58.4, 30}, {57.8, 7.5}, {57.3, 0.75}, {57.0, 0}}, {{60.6, 180}, {61.6, 30}, {61.7, 0}});
  add("prc-024-3-ercot", "PRC-024-3, ERCOT", {{59.4, 540}, {58.4, 30}, {58.0, 2}, {57.5, 0}},
      {{60.6, 540}, {61.6, 30}, {61.8, 0}});
  add("prc-024-3-quebec", "PRC-024-3, Quebec",
      {{59.4, 660}, {58.5, 90}, {57.5, 10}, {57.0, 2}, {56.5, 0.35}, {55.5, 0}},
      {{60.6, 660}, {61.5, 90}, {63, 5}, {66, 0}});
  RideThrough ibr;
  ibr.low_voltage = {{0.9, 6.0}, {0.7, 3.0}, {0.5, 1.2}, {0.25, 0.32}};
  ibr.high_voltage = {{1.05, 1800}, {1.1, 1.0}, {1.2, 0}};
  ibr.voltage_window_s = 10;
  ibr.frequency_window_s = 600;
  add_frequency(ibr);
  rules.push_back(ride_through_rule("prc-029-1", "PRC-029-1, inverter-based resources but wind",
                                    "NERC PRC-029-1, table 2", "secondary: one public transcription", ibr));
  rules.push_back(ride_through_rule("ieee-2800", "IEEE 2800-2022, without auxiliary equipment limits",
                                    "IEEE 2800-2022, clause 7, with the numbers of PRC-029-1",
                                    "from memory: the text was not seen", ibr));
  RideThrough wind = ibr;
  wind.low_voltage = {{0.9, 3.0}, {0.7, 2.5}, {0.5, 1.2}, {0.25, 0.16}};
  rules.push_back(ride_through_rule("prc-029-1-wind",
                                    "PRC-029-1, wind plants connected by alternating current",
                                    "NERC PRC-029-1, table 1", "secondary: one public transcription", wind));
  return rules;
}

std::vector<Rule> variation_rules() {
  std::vector<Rule> rules;
  rules.push_back(
      variation_rule("ercot-lcl-variation", "ERCOT, power variation of large loads (proposed)",
                     "ERCOT proposal of 19 Jun 2026", kSecondary,
                     {band("0.1 to 55 Hz", 10, 0.1, 55, 5, "causal Butterworth filters of fourth order")}));
  {
    VariationLimit down = ramp("ramp down", 20, 60, -1), up = ramp("ramp up", 8, 60, 1);
    down.most_of_peak = 0.05;
    up.most_of_peak = 0.02;
    rules.push_back(variation_rule("ercot-nprr-1191", "ERCOT NPRR 1191, ramps of large flexible loads",
                                   "ERCOT NPRR 1191 (2023)", kList, {down, up}));
  }
  rules.push_back(variation_rule("caiso-ramp", "CAISO straw proposal, ramps",
                                 "CAISO straw proposal of 15 Jun 2026", kSecondary, {ramp("ramp", 20, 600)}));
  rules.push_back(
      variation_rule("southern-ramp", "Southern Company, ramps and swings", "utility requirement", kList,
                     {ramp("ramp", 20, 60), span("change in 6 s", 10, 6, "the rule says 4 to 6 s")}));
  {
    VariationLimit slow = ramp("changes above 50 MW", 30, 100);
    slow.mean_s = 1;
    slow.note = "0.5 MW/s over the 100 s that 50 MW then take; means over 1 s";
    rules.push_back(variation_rule("atc-variation", "ATC, changes of large loads", "utility requirement",
                                   kList,
                                   {slow, span("change in 5 s", 25, 5, "greatest less least within 5 s")}));
  }
  rules.push_back(variation_rule(
      "lipa-variation", "LIPA, power variation by band", "utility requirement", kList,
      {band("0.1 to 5 Hz", 10, 0.1, 5, 10, "greatest less least within 10 s; the window is ours"),
       band("5 to 55 Hz", 3.5, 5, 55, 1, "greatest less least within 1 s; the window is ours")}));
  rules.push_back(
      variation_rule("aeso-ramp", "AESO, ramps", "AESO requirement", kList, {ramp("ramp", 10, 60)}));
  rules.push_back(variation_rule(
      "dominion-fluctuation", "Dominion, voltage fluctuation", "utility requirement", kConference,
      {fluctuation("voltage fluctuation", 0.03, "within 1 s, while the voltage is between 0.9 and 1.1 pu")}));
  rules.push_back(variation_rule(
      "ameren-dip", "Ameren, voltage dip by the load", "utility requirement", kList,
      {fluctuation("voltage dip", 0.02, "within 1 s, while the voltage is between 0.9 and 1.1 pu")}));
  {
    VariationLimit share;
    share.kind = Kind::SPECTRAL_SHARE;
    share.name = "share of energy in 0.1 to 20 Hz";
    share.most = 0.2;
    share.f_low_Hz = 0.1;
    share.f_high_Hz = 20;
    share.window_s = 60;
    share.note = "Hann windows of 60 s, mean taken out; the worst window";
    rules.push_back(variation_rule("spectral-mask-example", "Frequency-domain mask, example of a publication",
                                   "arXiv 2508.14318, the example in its text",
                                   "the structure was read there", {share}));
  }
  return rules;
}

}  // namespace

const std::vector<Rule>& built_in_rules() {
  static const std::vector<Rule> all = [] {
    std::vector<Rule> rules = large_load_rules();
    for (auto& more : {generator_rules(), variation_rules()})
      rules.insert(rules.end(), more.begin(), more.end());
    return rules;
  }();
  return all;
}

const Rule* find_rule(const std::string& name) {
  for (const Rule& rule : built_in_rules())
    if (rule.name == name) return &rule;
  return nullptr;
}

}  // namespace ballast
