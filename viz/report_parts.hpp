/// \file
/// The parts a report is put together from. Private to viz/.
#pragma once

#include <string>
#include <vector>

#include "viz/metrics.hpp"
#include "viz/record.hpp"
#include "viz/report.hpp"
#include "viz/run_story.hpp"

namespace ballast::report {

/// What the page's script works on: times, series, events, map; JSON that may stand inside a script element.
/// `thinned` becomes true when not every sample is in it.
[[nodiscard]] std::string page_data(const Record& record, bool& thinned);

/// The network as SVG: lines, then one element with data-bus per bus, in their order. "" without buses.
[[nodiscard]] std::string network_svg(const Record& record);

/// What was demanded of the data centers and what was found: a card with table and envelopes; "" without
/// findings.
[[nodiscard]] std::string requirements_html(const Record& record,
                                            const std::vector<Requirement>& requirements,
                                            const std::vector<Finding>& findings);

/// Events as a tree of causes, the fates of the islands, the same in sentences: a card; "" when nothing
/// happened and no islands were recorded.
[[nodiscard]] std::string cascade_html(const RunStory& run);

/// Key figures that the record allows.
[[nodiscard]] std::vector<KeyFigure> figures_of(const Record& record, const Metrics& metrics);

/// One or two sentences on how the run went, made from its metrics.
[[nodiscard]] std::string verdict_of(const Record& record, const Metrics& metrics);

}  // namespace ballast::report
