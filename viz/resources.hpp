/// \file
/// Files compiled into the library by viz/embed.cmake. Private to viz/.
#pragma once

#include <string_view>

namespace ballast::resources {

extern const std::string_view kScene;         ///< viz/scene.py
extern const std::string_view kReportHtml;    ///< viz/report/page.html
extern const std::string_view kReportStyle;   ///< viz/report/style.css
extern const std::string_view kReportScript;  ///< viz/report/script.js
extern const std::string_view kTestsHtml;     ///< viz/report/tests.html
extern const std::string_view kTestsStyle;    ///< viz/report/tests.css
extern const std::string_view kSweepHtml;     ///< viz/report/sweep.html
extern const std::string_view kSweepStyle;    ///< viz/report/sweep.css
extern const std::string_view kSweepData, kSweepPlot, kSweepHeat, kSweepScatter, kSweepParallel,
    kSweepPage;                          ///< viz/report/sweep_<part>.js
extern const std::string_view kDygraph;  ///< dygraphs, MIT licence
extern const std::string_view kDygraphStyle;

}  // namespace ballast::resources
