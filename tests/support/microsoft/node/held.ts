// What of Graph the product uses; a schema is made of each.
import type * as graph from "@microsoft/microsoft-graph-types";

export interface Held {
  calendar: graph.Calendar;
  directoryObject: graph.DirectoryObject;
  error: graph.PublicError;
  event: graph.Event;
  extendedProperty: graph.SingleValueLegacyExtendedProperty;
  group: graph.Group;
  organization: graph.Organization;
  schedule: graph.ScheduleInformation;
  user: graph.User;
  zonedTime: graph.DateTimeTimeZone;
}
