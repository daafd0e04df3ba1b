/// \file
/// The reference data of every model. A model without a row does not compile here; the battery that uses the
/// rows is conformance.hpp.
#pragma once

#include "tests/models/reference_compensators.hpp"
#include "tests/models/reference_converters.hpp"
#include "tests/models/reference_cooling.hpp"
#include "tests/models/reference_datacenter.hpp"
#include "tests/models/reference_der.hpp"
#include "tests/models/reference_generation.hpp"
#include "tests/models/reference_governors.hpp"
#include "tests/models/reference_inverters.hpp"
#include "tests/models/reference_loads.hpp"
#include "tests/models/reference_machines.hpp"
#include "tests/models/reference_protection.hpp"
#include "tests/models/reference_sources.hpp"
#include "tests/models/reference_switching.hpp"
