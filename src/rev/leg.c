#include "rev/leg.h"

const char *zq_direction_name(zq_direction direction)
{
    return direction == ZQ_UP ? "up" : "down";
}
